#pragma once

#include "events/views.hpp"

#include <string>

/// Sources, jobs, APIs and webhooks as JSON objects, in the shapes of docs/http-api.md, for its
/// lists and single answers alike (which add `sequence`).
namespace apisync::events {

std::string source_json(const views& in, const source_state& of);
std::string job_json(const job_state& of);
/// `GET /v1/webhooks/{id}`, and an entry of its list of dead letters.
std::string webhook_json(const webhook_state& of);
/// `GET /v1/targets/{id}`.
std::string target_json(const views& in, const target_state& of);
std::string folder_json(const views& in, const folder_definition& of);
std::string dead_letter_json(const webhook_state& of, const dead_letter& letter);
std::string api_json(const views& in, const api_state& of);
/// `GET /v1/apis/{id}/drift`: how its observers and contributors stand to the canonical document.
std::string drift_json(const views& in, const api_state& of);

} // namespace apisync::events
