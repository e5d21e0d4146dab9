// What an API's own overlays and rules of compatibility are read from.
#include "events/config_entries.hpp"
#include "events/judging.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"

namespace apisync::events {

namespace {

/// A document that a declaration holds, or names.
struct declared_document {
  std::string name;
  specs::document_ptr holder; ///< Keeps the value alive.
  specs::node value;
};

/// The document of a member: itself, or what the file of that name holds. Nothing where that is
/// reported.
std::optional<declared_document> open(config_object& object, specs::node at,
                                      const config_files& files) {
  if (at.is_object()) return declared_document{{}, {}, at};
  if (!at.is_string()) {
    object.report(at,
                  "must be a file's name or the document itself, not " + std::string{describe(at)});
    return std::nullopt;
  }
  const std::string name{at.text()};
  if (!files) {
    object.report(at, "only a configuration file can name the file '" + name +
                          "'; give the document itself");
    return std::nullopt;
  }
  const auto text = files(name);
  if (!text) {
    object.report(at, text.error().message + (text.error().where.empty() ? "" : ": ") +
                          text.error().where);
    return std::nullopt;
  }
  const auto parsed = specs::parse(*text, {.name = name});
  if (!parsed) {
    object.report(at, parsed.error().where + ": " + parsed.error().message);
    return std::nullopt;
  }
  return declared_document{name, parsed->document, parsed->document->root()};
}

void read_overlay_at(config_object& object, specs::node at, const config_files& files,
                     std::vector<overlay_definition>& into) {
  const auto document = open(object, at, files);
  if (!document) return;
  overlay_definition out;
  out.title = document->value.find("info").find("title").text();
  // Checked where it is read, so that the problem names its line.
  if (!document->name.empty()) {
    if (const auto good = specs::read_overlay(document->holder, document->name); !good)
      return object.report(at, good.error().where + ": " + good.error().message);
  }
  out.document.text = specs::to_json(document->value);
  if (const auto good = read_overlay(out); !good) return object.report(at, good.error().message);
  into.push_back(std::move(out));
}

} // namespace

std::vector<overlay_definition> read_overlays(config_object& object, const config_files& files) {
  std::vector<overlay_definition> out;
  const auto list = object.member("overlays");
  if (!list) return out;
  if (!list.is_array()) {
    object.report(list, "'overlays' must be a list, not " + std::string{describe(list)});
    return out;
  }
  for (const auto at : list)
    read_overlay_at(object, at, files, out);
  if (const auto good = check(out); !good) object.report(list, good.error().message);
  return out;
}

std::optional<raw_json> read_compatibility(config_object& object, const config_files& files) {
  const auto at = object.member("compatibility");
  if (!at) return std::nullopt;
  const auto document = open(object, at, files);
  if (!document) return std::nullopt;
  raw_json out{specs::to_json(document->value)};
  const auto good =
      document->name.empty()
          ? check_compatibility(out)
          : specs::read_rule_config(*document->holder, document->name).map([](const auto&) {});
  if (!good) {
    const auto where = document->name.empty() ? std::string{} : good.error().where + ": ";
    object.report(at, where + good.error().message);
    return std::nullopt;
  }
  return out;
}

} // namespace apisync::events
