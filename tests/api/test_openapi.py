"""The API does what its description says, whatever is thrown at it: no undocumented status, shape or crash."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.world import World

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

ADDRESSES = [
    ("/api/v1/session", "POST"),
    ("/api/v1/session", "DELETE"),
    ("/api/v1/session/key", "POST"),
    ("/api/v1/sync", "POST"),
    ("/api/v1/feed", "GET"),
    ("/api/v1/definitions", "GET"),
    ("/api/v1/forms/{form_id}/{version}", "GET"),
    ("/api/v1/forms/{form_id}/{version}/media/{sha256}", "GET"),
    ("/api/v1/datasets/{name}/{version}", "GET"),
    ("/api/v1/thumbnails", "POST"),
    ("/api/v1/photos/{sha256}", "GET"),
    ("/api/v1/uploads", "OPTIONS"),
    ("/api/v1/uploads", "POST"),
    ("/api/v1/uploads/together", "POST"),
    ("/api/v1/uploads/{upload_id}", "OPTIONS"),
    ("/api/v1/uploads/{upload_id}", "HEAD"),
    ("/api/v1/uploads/{upload_id}", "PATCH"),
    ("/api/v1/uploads/{upload_id}", "DELETE"),
]
# What these take cannot all be said in a schema: credentials are two shapes in one, a letter is sealed to one key, and
# tus packs digests in base64 into headers. Whatever the schema lets through and they do not take is refused with a
# documented problem.
BEYOND_A_SCHEMA = {
    ("/api/v1/session", "POST"),
    ("/api/v1/session/key", "POST"),
    ("/api/v1/uploads", "POST"),
    ("/api/v1/uploads/{upload_id}", "PATCH"),
}


@pytest.mark.parametrize(("path", "method"), ADDRESSES, ids=lambda part: part)
def test_an_address_answers_as_described(world: World, path: str, method: str) -> None:
    token = world.cadre("East", visits=[world.household()]).phone.token
    headers = {"Accept-Encoding": "identity"}
    if path != "/api/v1/session":
        headers["Authorization"] = f"Bearer {token}"
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.server.app)

    @given(case=schema[path][method].as_strategy())
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def answers(case: schemathesis.Case) -> None:
        response = case.call(headers=headers)
        excluded = [positive_data_acceptance] if (path, method) in BEYOND_A_SCHEMA else []
        case.validate_response(response, headers=headers, excluded_checks=excluded)
        assert response.headers["fieldsvc-protocol"] == ["1"]

    answers()


def test_the_description_names_the_addresses_of_the_phone(world: World) -> None:
    paths = world.server.app.test_client().get("/api/v1/openapi.json").json["paths"]
    described = {
        (path, method.upper()) for path, methods in paths.items() for method in methods if method != "parameters"
    }
    assert described == set(ADDRESSES)
