// Folders: where documents are looked for, and what was found.
#include "admin/api_routes.hpp"
#include "events/views_json.hpp"

namespace apisync::admin {
namespace {

result<response> list(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  auto folders = (*view)->engine().folders;
  std::ranges::sort(folders, {}, &events::folder_definition::id);
  std::vector<list_item> items;
  for (auto const& folder : folders)
    if (folder.id > page->after && items.size() <= page->limit)
      items.push_back({folder.id, folder_json(**view, folder)});
  return list_answer(std::move(items), page->limit, (*view)->at());
}

result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const id = asked.param("id");
  auto const* folder = events::find_folder((*view)->engine().folders, id);
  if (folder == nullptr)
    return fail(errc::not_found, "there is no folder '" + std::string{id} + "'");
  return thing_answer(asked, folder_json(**view, *folder), (*view)->at());
}

} // namespace

void add_folder_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/folders",
                    .operation_id = "listFolders",
                    .summary = "All folders and what was found in them",
                    .tag = "folders",
                    .answer = {"Folder", answer_shape::kind::list},
                    .past = true,
                    .handler = handled(in, list)});
  routes.push_back({.method = "GET",
                    .path = "/v1/folders/{id}",
                    .operation_id = "getFolder",
                    .summary = "One folder",
                    .tag = "folders",
                    .answer = {"Folder"},
                    .past = true,
                    .tagged = true,
                    .handler = handled(in, show)});
}

} // namespace apisync::admin
