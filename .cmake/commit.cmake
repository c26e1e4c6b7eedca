# Which commit a build is of. Every build asks git anew, with a script that is this file; a source is written only when the
# answer is another one, so that a commit costs one small file and a link.
#
#   cmake -DSOURCE=DIRECTORY -DOUTPUT=FILE -P commit.cmake
#
# Without git, or outside of a checkout of this tree (a release's archive), the commit is empty.
if(CMAKE_SCRIPT_MODE_FILE)
  cmake_minimum_required(VERSION 3.22)
  set(commit "")
  find_program(GIT git)
  if(GIT)
    execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse --show-toplevel HEAD
                    OUTPUT_VARIABLE said RESULT_VARIABLE status ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    get_filename_component(source ${SOURCE} REALPATH)
    if(status EQUAL 0 AND said MATCHES "^(.*)\n([0-9a-f]+)$" AND CMAKE_MATCH_1 STREQUAL source)
      set(commit ${CMAKE_MATCH_2})
    endif()
  endif()
  file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT "#include \"signaling/version.h\"
namespace signaling {
const std::string_view kCommit = \"@commit@\";
}
")
  return()
endif()

# turnd_add_commit(target): signaling::kCommit becomes part of the target.
function(turnd_add_commit target)
  set(source ${CMAKE_BINARY_DIR}/embedded/commit.cpp)
  add_custom_target(turnd_commit BYPRODUCTS ${source} VERBATIM
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DOUTPUT=${source} -P ${CMAKE_SOURCE_DIR}/.cmake/commit.cmake)
  target_sources(${target} PRIVATE ${source})
  add_dependencies(${target} turnd_commit)
endfunction()
