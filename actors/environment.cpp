#include "actors/environment.hpp"

namespace apisync::actors {

events::timestamp system_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

chance::chance(std::uint64_t seed, std::string_view name) : state_{seed} {
  for (const char c : name)
    state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL; // FNV-1a
}

double chance::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  auto z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1.0p-53;
}

} // namespace apisync::actors
