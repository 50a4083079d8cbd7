// A value or the error that stands in its place: for answers where failure is an everyday outcome
// (binding a client to a plugin that may be absent). The subset of C++23's std::expected that is
// used here; GCC 12 does not have it.
#pragma once

#include <utility>
#include <variant>

namespace qm {

template <class T, class E>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Expected(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const noexcept { return has_value(); }
  bool has_value() const noexcept { return state_.index() == 0; }

  // The value; throws the error when there is none.
  T& value() & { return require(), *std::get_if<0>(&state_); }
  const T& value() const& { return require(), *std::get_if<0>(&state_); }
  T&& value() && { return require(), std::move(*std::get_if<0>(&state_)); }

  // Undefined when there is no value, as for std::expected.
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }
  T& operator*() & noexcept { return *std::get_if<0>(&state_); }
  const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }

  // Undefined when there is a value.
  const E& error() const noexcept { return *std::get_if<1>(&state_); }

 private:
  void require() const {
    if (!has_value()) throw E(error());
  }

  std::variant<T, E> state_;
};

}  // namespace qm
