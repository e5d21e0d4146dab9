#include "specs/bundle.hpp"

#include "specs/bundle_plan.hpp"
#include "specs/pointer.hpp"
#include "specs/reference_address.hpp"
#include "specs/references.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

/// Writes the bundle that a plan describes.
class bundle_writer {
public:
  bundle_writer(const bundle_plan& plan, std::size_t max_nodes)
      : plan_{plan}, max_nodes_{max_nodes} {}

  result<document_ptr> run() {
    write_root();
    if (too_large_)
      return fail(errc::limit_exceeded, "the bundled document has more than " +
                                            std::to_string(max_nodes_) +
                                            " values; that is the limit");
    return out_.finish();
  }

  std::vector<bundled_part> take_parts() { return std::move(parts_); }

private:
  template <class Write>
  void below(std::string_view token, Write&& write) {
    const auto length = pointer_.size();
    append_token(pointer_, token);
    write();
    pointer_.resize(length);
  }

  void write_root() {
    const auto root = plan_.first().document->root();
    out_.begin_object(root.where());
    for (const auto member : root) {
      out_.key(member.key());
      below(member.key(), [&] {
        if (!plan_.is_swagger() && member.key() == "components" && member.is_object())
          write_components(member);
        else if (plan_.is_swagger() && has_new(member.key()) && member.is_object())
          write_section(member);
        else
          write(plan_.first(), member, role_of_member(role::root, member.key()), root, role::root);
      });
    }
    add_sections(root);
    (void)out_.end_object();
  }

  void write_components(node components) {
    out_.begin_object(components.where());
    for (const auto section : components) {
      out_.key(section.key());
      below(section.key(), [&] { write_section(section); });
    }
    add_missing(components);
    (void)out_.end_object();
  }

  /// The sections that the first document does not have.
  void add_sections(node root) {
    if (plan_.is_swagger()) return add_missing(root);
    if (root.find("components") || plan_.components().empty()) return;
    out_.key("components");
    below("components", [&] {
      out_.begin_object();
      add_missing({});
      (void)out_.end_object();
    });
  }

  void add_missing(node holder) {
    std::vector<std::string_view> done;
    for (const auto& component : plan_.components()) {
      const auto section = component.section;
      if (holder.find(section) || std::find(done.begin(), done.end(), section) != done.end())
        continue;
      done.push_back(section);
      out_.key(section);
      below(section, [&] {
        out_.begin_object();
        add_components(section);
        (void)out_.end_object();
      });
    }
  }

  [[nodiscard]] bool has_new(std::string_view section) const {
    return std::any_of(plan_.components().begin(), plan_.components().end(),
                       [&](const bundle_component& one) { return one.section == section; });
  }

  void write_section(node section) {
    const auto parent = plan_.is_swagger() ? role::root : role::components;
    const auto place = role_of_member(parent, section.key());
    if (!section.is_object()) return write(plan_.first(), section, place, {}, parent);
    out_.begin_object(section.where());
    for (const auto entry : section) {
      out_.key(entry.key());
      below(entry.key(), [&] {
        if (const auto* component = plan_.adopted(section.key(), entry.key()))
          write_part(component->from);
        else
          write(plan_.first(), entry, role_of_member(place, entry.key()), section, place);
      });
    }
    add_components(section.key());
    (void)out_.end_object();
  }

  void add_components(std::string_view section) {
    for (const auto& component : plan_.components()) {
      if (component.section != section || component.adopted) continue;
      out_.key(component.name);
      below(component.name, [&] { write_part(component.from); });
    }
  }

  void write_part(const bundle_target& part) {
    parts_.push_back({pointer_, part.file->name});
    const auto container = part.place == role::other ? role::security_scheme_map : role::other;
    write(*part.file, part.value, part.place, part.parent, container);
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as documents may be, and parts in each other
  void write(const bundle_file& in, node value, role place, node parent, role container) {
    too_large_ = too_large_ || out_.node_count() > max_nodes_;
    if (too_large_) return out_.null(); // the document is thrown away
    if (place == role::data || !(value.is_object() || value.is_array())) return out_.copy(value);
    if (const auto at = plan_.reference_at(value, place, parent, container))
      return write_reference(in, *at);
    write_children(in, value, place);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void write_children(const bundle_file& in, node value, role place) {
    begin(value);
    for (std::size_t i = 0; i < value.size(); ++i)
      write_child(in, value, i, place);
    end(value);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void write_child(const bundle_file& in, node value, std::size_t index, role place) {
    const auto child = value[index];
    if (value.is_object()) out_.key(child.key());
    below(value.is_object() ? child.key() : std::to_string(index), [&] {
      if (place == role::schema && child.key() == "discriminator")
        write_discriminator(in, child);
      else
        write(in, child, role_of_child(place, value, child), value, place);
    });
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void write_reference(const bundle_file& in, const reference_place& at) {
    const auto reference = at.holder.find("$ref");
    const auto meaning = plan_.meaning_of(in, reference.text(), at.section);
    if (meaning.inlined != nullptr) return write_inlined(in, at, *meaning.inlined);
    begin(at.holder);
    for (std::size_t i = 0; i < at.holder.size(); ++i) {
      if (at.holder[i] != reference) {
        write_child(in, at.holder, i, at.place);
        continue;
      }
      out_.key("$ref");
      out_.string(meaning.text, reference.where());
    }
    end(at.holder);
  }

  /// The target's members, and those of the reference's own that the target does not have.
  // NOLINTNEXTLINE(misc-no-recursion)
  void write_inlined(const bundle_file& in, const reference_place& at, const bundle_target& part) {
    parts_.push_back({pointer_, part.file->name});
    if (!part.value.is_object())
      return write(*part.file, part.value, part.place, part.parent, role::other);
    if (part.value.find("$ref"))
      return write(*part.file, part.value, part.place, part.parent, role::other);
    begin(part.value);
    for (std::size_t i = 0; i < part.value.size(); ++i)
      write_child(*part.file, part.value, i, part.place);
    for (std::size_t i = 0; i < at.holder.size(); ++i)
      if (at.holder[i].key() != "$ref" && !part.value.find(at.holder[i].key()))
        write_child(in, at.holder, i, at.place);
    end(part.value);
  }

  /// A mapping names schemas by reference, or by their plain names.
  void write_discriminator(const bundle_file& in, node discriminator) {
    const auto mapping = discriminator.find("mapping");
    if (!mapping.is_object()) return out_.copy(discriminator);
    begin(discriminator);
    for (const auto member : discriminator) {
      out_.key(member.key());
      if (member != mapping) {
        out_.copy(member);
        continue;
      }
      begin(mapping);
      for (const auto target : mapping) {
        out_.key(target.key());
        const bool refers = target.text().find_first_of("#/.") != std::string_view::npos;
        if (target.is_string() && refers && plan_.knows(in, target.text()))
          out_.string(plan_.meaning_of(in, target.text(), plan_.schemas()).text, target.where());
        else
          out_.copy(target);
      }
      end(mapping);
    }
    end(discriminator);
  }

  void begin(node like) {
    if (like.is_object())
      out_.begin_object(like.where());
    else
      out_.begin_array(like.where());
  }
  void end(node like) {
    if (like.is_object())
      (void)out_.end_object();
    else
      out_.end_array();
  }

  const bundle_plan& plan_;
  std::size_t max_nodes_;
  document_builder out_;
  std::string pointer_;
  std::vector<bundled_part> parts_;
  bool too_large_ = false;
};

} // namespace

bool refers_outside(const document& doc) {
  const auto all = references(doc);
  const auto outside = [](const reference& one) {
    return !one.target.starts_with('#') && !is_remote(one.target);
  };
  return std::any_of(all.begin(), all.end(), outside);
}

result<bundled> bundle(const document_ptr& doc, const std::string& name,
                       const document_loader& load, const bundle_limits& limits) {
  bundle_plan plan{doc, name, load, limits};
  if (auto made = plan.make(); !made) return tl::unexpected{std::move(made.error())};
  bundled done;
  done.files = plan.take_files();
  done.kept = plan.take_kept();
  if (done.files.empty()) {
    done.document = doc;
    return done;
  }
  bundle_writer writer{plan, limits.max_nodes};
  auto written = writer.run();
  if (!written) return tl::unexpected{std::move(written.error())};
  done.document = std::move(*written);
  done.parts = writer.take_parts();
  return done;
}

std::string_view file_of(const std::vector<bundled_part>& parts, std::string_view pointer) {
  std::string_view file;
  std::size_t longest = 0;
  for (const auto& part : parts) {
    const auto& start = part.pointer;
    const bool inside = pointer.starts_with(start) &&
                        (pointer.size() == start.size() || pointer[start.size()] == '/');
    if (inside && start.size() >= longest) {
      longest = start.size();
      file = part.file;
    }
  }
  return file;
}

} // namespace apisync::specs
