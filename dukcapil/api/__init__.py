"""What the API views of all apps share: errors, parsing, paging, CSV, ETag. It imports no app."""
