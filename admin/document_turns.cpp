#include "admin/document_turns.hpp"

namespace apisync::admin {

document_turns::turn::~turn() {
  if (of_ != nullptr) of_->give_back();
}

result<document_turns::turn> document_turns::take() {
  std::unique_lock lock{mutex_};
  const auto full = fail(errc::overloaded, "too many documents are being compared; try again");
  if (working_ >= limits_.working) {
    if (waiting_ >= limits_.waiting) return full;
    ++waiting_;
    const bool free =
        freed_.wait_for(lock, limits_.wait, [this] { return working_ < limits_.working; });
    --waiting_;
    if (!free) return full;
  }
  ++working_;
  return turn{*this};
}

void document_turns::give_back() {
  {
    const std::lock_guard lock{mutex_};
    --working_;
  }
  freed_.notify_one();
}

} // namespace apisync::admin
