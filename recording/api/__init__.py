"""The API of recording; contract: docs/openapi.yaml. Each view calls the service or selector of the pages."""
