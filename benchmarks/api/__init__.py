"""The API in a real web server, against an empty view in the same one."""
