#pragma once

namespace apisync {

/// One visitor out of several lambdas, for `std::visit`.
template <class... Fs>
struct overload : Fs... {
  using Fs::operator()...;
};

template <class... Fs>
overload(Fs...) -> overload<Fs...>; // clang 14 needs the guide

} // namespace apisync
