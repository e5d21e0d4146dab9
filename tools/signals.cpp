#include "tools/signals.hpp"

#include <pthread.h>
#include <unistd.h>

namespace apisync::tools {

signal_queue::signal_queue() {
  sigemptyset(&signals_);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1})
    sigaddset(&signals_, number);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

signal_queue::event signal_queue::next() {
  for (;;) {
    int number = 0;
    if (sigwait(&signals_, &number) != 0) continue;
    if (number == SIGHUP) return event::reload;
    if (number == SIGTERM || number == SIGINT) return event::end;
    const std::scoped_lock lock{mutex_};
    if (fatal_) return event::fatal; // else somebody else sent SIGUSR1
  }
}

void signal_queue::report_fatal(const error& problem) {
  {
    const std::scoped_lock lock{mutex_};
    if (!fatal_) fatal_ = problem;
  }
  kill(getpid(), SIGUSR1);
}

std::optional<error> signal_queue::fatal() {
  const std::scoped_lock lock{mutex_};
  return std::exchange(fatal_, std::nullopt);
}

} // namespace apisync::tools
