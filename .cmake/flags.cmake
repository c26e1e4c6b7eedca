# What our code is compiled with. turnd_flags: everything of ours. turnd_product: the libraries and programs.
# turnd_unoptimised: the tests.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)

add_library(turnd_flags INTERFACE)
target_include_directories(turnd_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(turnd_flags INTERFACE TURND_VERSION="${PROJECT_VERSION}")
target_compile_options(turnd_flags INTERFACE
  -Wall -Wextra -Wconversion -Wswitch-enum
  # g++ 12 sees overruns in std::string moved out of a std::variant where there are none (GCC bug 105562 and kin).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread>
  # A released binary names its sources as turnd/stun/types.h, wherever it was built.
  $<$<CONFIG:Release>:-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=>
  # A library of a newer distribution may deprecate what the oldest one still needs: told, but never fatal.
  # One compiler decides, the distribution's own; what clang thinks of the same code under the sanitizers is told.
  $<$<AND:$<BOOL:${TURND_WERROR}>,$<CXX_COMPILER_ID:GNU>>:-Werror -Wno-error=deprecated-declarations>)

add_library(turnd_product INTERFACE)
target_link_libraries(turnd_product INTERFACE turnd_flags)
if(TURND_HARDENING)
  check_cxx_compiler_flag(-fcf-protection TURND_HAS_CF_PROTECTION)      # x86
  check_cxx_compiler_flag(-mbranch-protection=standard TURND_HAS_BRANCH_PROTECTION) # arm64
  set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
  check_cxx_source_compiles("#include <string.h>
    #if __USE_FORTIFY_LEVEL < 3
    #error the compiler or the C library knows level 2 only
    #endif
    int main() {}" TURND_HAS_FORTIFY_3)
  unset(CMAKE_REQUIRED_FLAGS)
  # -fPIE and not CMake's POSITION_INDEPENDENT_CODE: that is -fPIC for a library and forbids inlining across functions
  # which another library might replace.
  target_compile_options(turnd_product INTERFACE
    -fPIE -fstack-protector-strong
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$<IF:$<BOOL:${TURND_HAS_FORTIFY_3}>,3,2> # distributions set a level of their own
    $<$<BOOL:${TURND_HAS_CF_PROTECTION}>:-fcf-protection>
    $<$<BOOL:${TURND_HAS_BRANCH_PROTECTION}>:-mbranch-protection=standard>)
  target_compile_definitions(turnd_product INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(turnd_product INTERFACE -pie -Wl,-z,relro,-z,now)
endif()

# A test case runs once: compiling it fast is worth more than running it fast. What it tests is optimised all the same.
add_library(turnd_unoptimised INTERFACE)
target_link_libraries(turnd_unoptimised INTERFACE turnd_flags)
target_compile_options(turnd_unoptimised INTERFACE $<$<CONFIG:Release>:-O0>)

# The precompiled std headers of the libraries; tests have a second one, with GoogleTest (tests/CMakeLists.txt).
if(TURND_PCH)
  file(WRITE ${CMAKE_BINARY_DIR}/empty.cpp "")
  add_library(turnd_std_pch OBJECT ${CMAKE_BINARY_DIR}/empty.cpp)
  target_link_libraries(turnd_std_pch PRIVATE turnd_product)
  target_precompile_headers(turnd_std_pch PRIVATE ${CMAKE_SOURCE_DIR}/.cmake/std.h)
endif()

function(turnd_use_pch target pch)
  if(TURND_PCH)
    target_precompile_headers(${target} REUSE_FROM ${pch})
  endif()
endfunction()
