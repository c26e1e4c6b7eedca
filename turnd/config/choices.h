// Choices: the words of a file for the values of an enumeration, to read them and to write them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "turnd/base/log_words.h"
#include "turnd/config/yaml_reader.h"

namespace turnd::config {

template <class Value>
struct Choice {
  std::string_view word;
  Value value;
};

// Every value has a word of its own.
template <class Value, std::size_t Size>
[[nodiscard]] constexpr std::string_view word_for(const std::array<Choice<Value>, Size>& choices, Value value) {
  return std::ranges::find(choices, value, &Choice<Value>::value)->word;
}

template <class Value, std::size_t Size>
void read_choice(MapReader& from, std::string_view key, const std::array<Choice<Value>, Size>& choices, Value& into) {
  const auto field = from.find(key);
  if (!field) return;
  const auto chosen = std::ranges::find(choices, field->text(), &Choice<Value>::word);
  if (chosen != choices.end()) {
    into = chosen->value;
    return;
  }
  std::string words;
  for (const auto& choice : choices) words += (words.empty() ? "" : ", ") + std::string(choice.word);
  from.problems().add(*field, "is none of the choices", "choose " + words);
}

inline constexpr std::array<Choice<base::LogLevel>, 4> kLogLevels{{{"debug", base::LogLevel::debug},
                                                                   {"info", base::LogLevel::info},
                                                                   {"warning", base::LogLevel::warning},
                                                                   {"error", base::LogLevel::error}}};
inline constexpr std::array<Choice<base::LogFormat>, 3> kLogFormats{
    {{"auto", base::LogFormat::automatic}, {"human", base::LogFormat::human}, {"json", base::LogFormat::json}}};

}  // namespace turnd::config
