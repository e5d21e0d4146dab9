#pragma once

#include "actors/finder_interface.hpp"
#include "actors/interfaces.hpp"
#include "actors/model_interface.hpp"
#include "actors/notifier_interface.hpp"
#include "actors/publisher_interface.hpp"

#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

namespace apisync::actors {

/// Who answers to an id now. The engine writes it as it starts and restarts actors; everybody else
/// looks a handle up for each request and keeps none, so that a restart needs no telling. A missing
/// entry gives an invalid handle. Thread-safe.
class directory {
public:
  void put(const std::string& id, source_actor handle) { put_in(sources_, id, std::move(handle)); }
  void put(const std::string& id, job_actor handle) { put_in(jobs_, id, std::move(handle)); }
  void put(const std::string& id, api_actor handle) { put_in(apis_, id, std::move(handle)); }

  void put(notifier_actor handle) {
    const std::unique_lock lock{mutex_};
    notifier_ = std::move(handle);
  }

  void put(publisher_actor handle) {
    const std::unique_lock lock{mutex_};
    publisher_ = std::move(handle);
  }

  void put(finder_actor handle) {
    const std::unique_lock lock{mutex_};
    finder_ = std::move(handle);
  }

  void put(model_actor handle) {
    const std::unique_lock lock{mutex_};
    model_ = std::move(handle);
  }

  [[nodiscard]] source_actor source(const std::string& id) const { return get(sources_, id); }
  [[nodiscard]] job_actor job(const std::string& id) const { return get(jobs_, id); }
  [[nodiscard]] api_actor api(const std::string& id) const { return get(apis_, id); }

  [[nodiscard]] notifier_actor notifier() const {
    const std::shared_lock lock{mutex_};
    return notifier_;
  }

  [[nodiscard]] publisher_actor publisher() const {
    const std::shared_lock lock{mutex_};
    return publisher_;
  }

  [[nodiscard]] finder_actor finder() const {
    const std::shared_lock lock{mutex_};
    return finder_;
  }

  [[nodiscard]] model_actor model() const {
    const std::shared_lock lock{mutex_};
    return model_;
  }

  void forget_source(const std::string& id) { drop(sources_, id); }
  void forget_job(const std::string& id) { drop(jobs_, id); }
  void forget_api(const std::string& id) { drop(apis_, id); }

private:
  template <class Handle>
  using map = std::map<std::string, Handle>;

  template <class Handle>
  void put_in(map<Handle>& handles, const std::string& id, Handle handle) {
    const std::unique_lock lock{mutex_};
    handles[id] = std::move(handle);
  }

  template <class Handle>
  Handle get(const map<Handle>& handles, const std::string& id) const {
    const std::shared_lock lock{mutex_};
    const auto found = handles.find(id);
    return found == handles.end() ? Handle{} : found->second;
  }

  template <class Handle>
  void drop(map<Handle>& handles, const std::string& id) {
    const std::unique_lock lock{mutex_};
    handles.erase(id);
  }

  mutable std::shared_mutex mutex_;
  map<source_actor> sources_;
  map<job_actor> jobs_;
  map<api_actor> apis_;
  notifier_actor notifier_;
  publisher_actor publisher_;
  finder_actor finder_;
  model_actor model_;
};

} // namespace apisync::actors
