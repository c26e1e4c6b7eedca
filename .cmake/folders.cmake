# How a folder becomes a library, a program or a test program. Sources are globbed: a new file needs no edit here.

# Asio and Beast, compiled once.
add_library(turnd_asio STATIC ${CMAKE_SOURCE_DIR}/.cmake/asio.cpp)
target_compile_definitions(turnd_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                           BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(turnd_asio PUBLIC Boost::headers Threads::Threads)

add_custom_target(programs) # all of them, without the tests
add_custom_target(test_programs DEPENDS programs)
add_custom_target(socket_test_programs DEPENDS programs) # those with threads, sockets, files and child processes

function(turnd_target_name folder out)
  string(REPLACE "/" "_" name ${folder})
  set(${out} ${name} PARENT_SCOPE)
endfunction()

# Links the libraries of other folders.
function(turnd_link target scope)
  foreach(folder IN LISTS ARGN)
    turnd_target_name(${folder} name)
    target_link_libraries(${target} ${scope} ${name})
  endforeach()
endfunction()

# turnd_folder(turnd/stun DEPS turnd/base ... LINK OpenSSL::Crypto ...): one static library. IO and ONLY are rules that
# tests/rules checks; they build nothing.
function(turnd_folder folder)
  cmake_parse_arguments(arg "IO" "" "DEPS;LINK;ONLY" ${ARGN})
  turnd_target_name(${folder} name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  set(scope PUBLIC)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PRIVATE turnd_product)
    turnd_use_pch(${name} turnd_std_pch)
  else()
    set(scope INTERFACE)
    add_library(${name} INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${CMAKE_SOURCE_DIR})
  turnd_link(${name} ${scope} ${arg_DEPS})
  target_link_libraries(${name} ${scope} ${arg_LINK})
  set_property(GLOBAL APPEND PROPERTY TURND_FOLDERS ${folder})
endfunction()

# turnd_program(turnd DEPS ... LINK ...): main.cpp of the folder of that name as a binary, the folder's other sources as a
# library, <name>_program, that their tests link too.
function(turnd_program name)
  cmake_parse_arguments(arg "IO" "" "DEPS;LINK;ONLY" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.cpp)
  list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/${name}/main.cpp)
  if(sources)
    add_library(${name}_program STATIC ${sources})
    target_link_libraries(${name}_program PRIVATE turnd_product PUBLIC ${arg_LINK})
    turnd_link(${name}_program PUBLIC ${arg_DEPS})
    turnd_use_pch(${name}_program turnd_std_pch)
  else()
    add_library(${name}_program INTERFACE)
    target_link_libraries(${name}_program INTERFACE ${arg_LINK})
    turnd_link(${name}_program INTERFACE ${arg_DEPS})
  endif()
  if(EXISTS ${CMAKE_SOURCE_DIR}/${name}/main.cpp)
    add_executable(${name} ${name}/main.cpp)
    target_link_libraries(${name} PRIVATE turnd_product ${name}_program)
    add_dependencies(programs ${name})
  endif()
endfunction()

# turnd_tests(turnd/stun DEPS ... LINK ... LABELS ...): tests/turnd/stun/*_test.cpp as one program, registered with CTest.
function(turnd_tests folder)
  cmake_parse_arguments(arg "" "" "DEPS;LINK;LABELS" ${ARGN})
  turnd_target_name(${folder} name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE turnd_unoptimised GTest::gmock GTest::gtest_main ${arg_LINK})
  turnd_link(${name}_tests PRIVATE ${arg_DEPS})
  turnd_use_pch(${name}_tests turnd_test_pch)
  add_dependencies(test_programs ${name}_tests)
  if(socket IN_LIST arg_LABELS)
    add_dependencies(socket_test_programs ${name}_tests)
  endif()
  # Found when ctest starts, so that a build does not run what it has just linked.
  gtest_discover_tests(${name}_tests DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 120)
endfunction()

# turnd_embed(signaling_api signaling/api/openapi.yaml signaling::api kOpenapiYaml): a text file as a constant of the library,
# declared where it is used: extern const std::string_view kOpenapiYaml.
function(turnd_embed target file namespace name)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${file})
  file(READ ${CMAKE_SOURCE_DIR}/${file} text)
  set(source ${CMAKE_BINARY_DIR}/embedded/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT "#include <string_view>
namespace @namespace@ {
extern const std::string_view @name@;
const std::string_view @name@ = R\"--text--(@text@)--text--\";
}
")
  target_sources(${target} PRIVATE ${source})
endfunction()
