#include "actors/failure.hpp"

#include <caf/deep_to_string.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

namespace apisync::actors {

caf::error to_caf(const error& problem) {
  return caf::make_error(problem.code, problem.message, problem.where);
}

error from_caf(const caf::error& problem) {
  if (problem.category() == caf::atom("apisync")) {
    error out{static_cast<errc>(problem.code()), {}, {}};
    if (problem.context().match_elements<std::string, std::string>()) {
      out.message = problem.context().get_as<std::string>(0);
      out.where = problem.context().get_as<std::string>(1);
    }
    return out;
  }
  if (problem == caf::sec::request_receiver_down || problem.category() == caf::atom("exit"))
    return {errc::unavailable,
            "the part of the service that handles this is restarting; try again",
            {}};
  if (problem == caf::sec::request_timeout)
    return {errc::unavailable, "no answer in time; the request may still be carried out", {}};
  return {errc::internal, caf::to_string(problem), {}};
}

} // namespace apisync::actors
