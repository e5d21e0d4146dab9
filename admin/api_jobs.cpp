#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "events/config_entries.hpp"
#include "events/views_json.hpp"

namespace apisync::admin {
namespace {

tl::unexpected<error> no_job(std::string_view id) {
  return fail(errc::not_found, "there is no job '" + std::string{id} + "'");
}

result<std::optional<events::job_status>> wanted_status(const request& asked) {
  auto const text = asked.query("status");
  if (!text) return std::nullopt;
  for (auto const value : all_values(events::job_status{}))
    if (to_string(value) == *text) return value;
  return fail(errc::invalid_argument, "status must be pending, running, completed or failed",
              "status");
}

result<response> list(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  auto const status = wanted_status(asked);
  if (!status) return tl::unexpected{status.error()};
  auto const source = asked.query("source");
  std::vector<list_item> items;
  for (auto const* job :
       (*view)->jobs(page->after, page->limit + 1, [&](const events::job_state& one) {
         return (!source || one.definition.source == *source) &&
                (!*status || one.status == **status);
       }))
    items.push_back({job->definition.id, job_json(*job)});
  return list_answer(std::move(items), page->limit, (*view)->at());
}

result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const* job = (*view)->job(asked.param("id"));
  if (job == nullptr) return no_job(asked.param("id"));
  return thing_answer(asked, job_json(*job), (*view)->at());
}

result<response> add(const api_context& in, const request& asked) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  auto definition = events::parse_job((*body)->root(), body_name, in.now()->engine().values);
  if (!definition) return tl::unexpected{definition.error()};
  auto const id = definition->id;
  auto const view = carried_out(in, asked, actors::add_job{std::move(*definition), {}});
  if (!view) return tl::unexpected{view.error()};
  auto const* job = (*view)->job(id);
  if (job == nullptr) return no_job(id);
  auto answer = thing_answer(asked, job_json(*job), (*view)->at(), 201);
  answer.headers.set("Location", "/v1/jobs/" + id);
  return answer;
}

result<response> remove(const api_context& in, const request& asked) {
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  std::string const id{asked.param("id")};
  auto const done =
      in.service().change(actors::remove_job{id, events::declared_by::api, std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  return removed_answer(id, in.now()->at());
}

} // namespace

void add_job_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/jobs",
                    .operation_id = "listJobs",
                    .summary = "All jobs and how they stand",
                    .tag = "jobs",
                    .answer = {"Job", answer_shape::kind::list},
                    .past = true,
                    .query = {{"source", "string", "Only those of this source."},
                              {"status", "string", "Only those with this status."}},
                    .handler = handled(in, list)});
  routes.push_back({.method = "POST",
                    .path = "/v1/jobs",
                    .operation_id = "addJob",
                    .summary = "Order syncs of a source, standing or once",
                    .tag = "jobs",
                    .needed = role::admin,
                    .answer = {.schema = "Job", .status = 201},
                    .body = "JobDefinition",
                    .handler = handled(in, add)});
  routes.push_back({.method = "GET",
                    .path = "/v1/jobs/{id}",
                    .operation_id = "getJob",
                    .summary = "One job",
                    .tag = "jobs",
                    .answer = {"Job"},
                    .past = true,
                    .tagged = true,
                    .handler = handled(in, show)});
  routes.push_back({.method = "DELETE",
                    .path = "/v1/jobs/{id}",
                    .operation_id = "removeJob",
                    .summary = "Remove a job; a running sync ends first",
                    .tag = "jobs",
                    .needed = role::admin,
                    .answer = {"Removed"},
                    .handler = handled(in, remove)});
}

} // namespace apisync::admin
