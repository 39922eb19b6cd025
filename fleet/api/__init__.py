"""The API of the fleet, read only; contract: docs/openapi.yaml. It shows what the pages show, and names nobody."""
