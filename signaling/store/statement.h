// Statement and Row: typed binding of parameters and typed reading of columns, over one sqlite3_stmt.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "signaling/store/stored_time.h"
#include "turnd/base/bytes.h"

struct sqlite3_stmt;

namespace signaling::store {

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

// Binds by position. Text and bytes are borrowed: they must live until the statement was reset.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  // std::optional and std::nullopt become NULL, bool 0 or 1, WallTime milliseconds, ranges of bytes a BLOB.
  template <class T>
  void bind(int index, const T& value) {
    if constexpr (std::same_as<T, std::nullopt_t>) {
      bind_null(index);
    } else if constexpr (kIsOptional<T>) {
      value ? bind(index, *value) : bind_null(index);
    } else if constexpr (std::same_as<T, WallTime>) {
      bind_number(index, to_stored(value));
    } else if constexpr (std::is_integral_v<T>) {
      bind_number(index, static_cast<std::int64_t>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
      bind_real(index, value);
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      bind_text(index, value);
    } else {
      bind_bytes(index, turnd::base::ByteView(value));
    }
  }

  // True: a row is there; false: done. Throws StorageError.
  bool step();
  void reset();

 private:
  void bind_null(int index);
  void bind_number(int index, std::int64_t value);
  void bind_real(int index, double value);
  void bind_text(int index, std::string_view value);
  void bind_bytes(int index, turnd::base::ByteView value);

  sqlite3_stmt* statement_;
};

// The row a statement stands on. What is read is copied out.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

  // T: an integer, bool, double, std::string, Bytes, WallTime, or std::optional of these, which is empty for NULL.
  template <class T>
  [[nodiscard]] T get(int column) const {
    if constexpr (kIsOptional<T>) {
      if (is_null(column)) return std::nullopt;
      return get<typename T::value_type>(column);
    } else if constexpr (std::same_as<T, bool>) {
      return number(column) != 0;
    } else if constexpr (std::is_integral_v<T>) {
      return static_cast<T>(number(column));
    } else if constexpr (std::is_floating_point_v<T>) {
      return real(column);
    } else if constexpr (std::same_as<T, WallTime>) {
      return from_stored(number(column));
    } else if constexpr (std::same_as<T, std::string>) {
      return text(column);
    } else {
      static_assert(std::same_as<T, turnd::base::Bytes>);
      return bytes(column);
    }
  }

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] turnd::base::Bytes bytes(int column) const;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace signaling::store
