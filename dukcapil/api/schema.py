"""What the contract says of every operation: the errors that it answers, and their shape."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from dukcapil.problems import CONTENT_TYPE, KINDS

FIELDS = OpenApiParameter("fields", str, description="Only these fields, with commas between them; the others are then absent.")
PARAMETER_WORDS = {
    "format": "json or csv; without it as Accept says.",
    "code": "Code of the region.",
    "number": "Its number; of a report that of its trip.",
}
ANY_READ = (400, 401, 403, 404, 406, 429, 503)
ANY_WRITE = (*ANY_READ, 409, 411, 413, 415, 422)
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457: what went wrong, where, and what to do.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Stable; leads to its explanation on the page API.",
        },
        "title": {"type": "string", "description": "The kind, in words."},
        "status": {"type": "integer", "description": "The HTTP status again."},
        "detail": {"type": "string", "description": "What is wrong and what to do."},
        "errors": {
            "type": "array",
            "description": "Which fields are wrong; of a batch also in which row, from 0.",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"row": {"type": "integer"}, "field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
EXAMPLE = {
    "type": "/api/#invalid",
    "title": "Permintaan tidak sah",
    "status": 400,
    "detail": "1 baris ditolak; tidak ada yang disimpan.",
    "errors": [{"row": 0, "field": "people", "detail": "Tulis bilangan bulat."}],
}


def document_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's hook: adds 304 and the problems to every operation, and the descriptions that the framework
    leaves out."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {
        f"Problem{status}": {
            "description": slug,
            "content": {
                CONTENT_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    **({"example": EXAMPLE} if status == 400 else {}),
                }
            },
        }
        for status, (slug, _title) in KINDS.items()
    }
    for path in result["paths"].values():
        for method, operation in path.items():
            if method not in ("get", "post"):
                continue
            for status in ANY_READ if method == "get" else ANY_WRITE:
                operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
            for parameter in operation.get("parameters", ()):
                parameter["description"] = parameter.get("description", PARAMETER_WORDS.get(parameter["name"], "")).strip()
                for name in ("title", "x-spec-enum-id"):  # words of forms, in the pages' language
                    parameter["schema"].pop(name, None)
            if method == "post":
                _strict_body(operation["requestBody"]["content"], components["schemas"])
                operation["parameters"] = [one for one in operation["parameters"] if one["name"] != "format"]
                for done in {"200", "202"} & set(operation["responses"]):
                    operation["responses"][done]["content"].pop("text/csv", None)
            if method == "get":
                operation["responses"]["304"] = {"description": "The same as If-None-Match names."}
    return result


def _strict_body(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A write takes an object, or where it takes a list one row as well, and no field that it does not know."""
    for body in content.values():
        rows = body["schema"]
        one = rows.get("items", rows)
        _known_fields_only(one, schemas)
        if "items" in rows:
            body["schema"] = {"oneOf": [one, rows | {"minItems": 1}]}


def _known_fields_only(reference: dict[str, Any], schemas: dict[str, Any]) -> None:
    schema = schemas[reference["$ref"].rpartition("/")[2]]
    schema["additionalProperties"] = False
    for field in schema["properties"].values():
        if "$ref" in (inner := field.get("items", {})):
            _known_fields_only(inner, schemas)
