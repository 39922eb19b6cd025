"""The contract itself, and a page on which to try it."""

from django.urls import path

from dukcapil.api import contract

urlpatterns = [
    path("", contract.Root.as_view(), name="api_root"),
    path("schema/", contract.schema, name="api_schema"),
    path("docs/", contract.docs, name="api_docs"),
]
