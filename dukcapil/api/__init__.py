"""What both apps' API views stand on: errors, parsing, paging, CSV, caching. Knows no app."""
