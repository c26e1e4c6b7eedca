// PRECIS FreeformClass (RFC 8264 s4.3), built from ICU's properties: ICU has no PRECIS profile of its own.
#pragma once

#include <unicode/unistr.h>

namespace turnd::auth {

// Every code point is valid, those with a contextual rule (RFC 5892 appendix A) where they stand.
[[nodiscard]] bool is_freeform(const icu::UnicodeString& text);

}  // namespace turnd::auth
