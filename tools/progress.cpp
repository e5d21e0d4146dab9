#include "tools/progress.hpp"

#include <algorithm>
#include <ostream>

namespace apisync::tools {
namespace {

constexpr std::uint64_t calls_between_looks = 256;
constexpr std::chrono::milliseconds first_after{1'000};
constexpr std::chrono::milliseconds redrawn_after{200};
constexpr std::size_t bar_width = 30;

} // namespace

progress::progress(const invocation& call, std::string what, std::uint64_t total)
    : call_{call},
      what_{std::move(what)},
      total_{std::max<std::uint64_t>(1, total)},
      next_{std::chrono::steady_clock::now() + first_after} {}

progress::~progress() {
  if (drawn_) call_.err << "\r\033[K" << std::flush;
}

void progress::reach(std::uint64_t done) {
  if (!call_.out_is_terminal || ++calls_ % calls_between_looks != 0) return;
  auto const now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + redrawn_after;
  draw(std::min(done, total_));
}

void progress::draw(std::uint64_t done) {
  auto const share = static_cast<double>(done) / static_cast<double>(total_);
  auto const filled = static_cast<std::size_t>(share * static_cast<double>(bar_width));
  call_.err << '\r' << what_ << " [" << std::string(filled, '#')
            << std::string(bar_width - filled, '.') << "] " << static_cast<int>(share * 100)
            << " %\033[K" << std::flush;
  drawn_ = true;
}

} // namespace apisync::tools
