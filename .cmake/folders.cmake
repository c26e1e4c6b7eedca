# How a folder becomes a library, and a program its binary. Sources are globbed: a new file needs no edit here.

if(TARGET yaml-cpp::yaml-cpp) # 0.8
  set(TURND_YAML_TARGET yaml-cpp::yaml-cpp)
else() # 0.7
  set(TURND_YAML_TARGET yaml-cpp)
endif()

add_library(turnd_flags INTERFACE)
target_compile_options(turnd_flags INTERFACE -Wall -Wextra -Wconversion -Wswitch-enum -Wno-error=deprecated-declarations
                       $<$<BOOL:${TURND_WERROR}>:-Werror>)
target_include_directories(turnd_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(turnd_flags INTERFACE TURND_VERSION="${PROJECT_VERSION}")

# Asio and Beast, compiled once.
add_library(turnd_asio STATIC ${CMAKE_SOURCE_DIR}/.cmake/asio.cpp)
target_compile_definitions(turnd_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                           BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(turnd_asio PUBLIC Boost::headers Threads::Threads)

function(turnd_target_name folder out)
  string(REPLACE "/" "_" name ${folder})
  set(${out} ${name} PARENT_SCOPE)
endfunction()

# turnd_folder(turnd/stun DEPS turnd/base ... LINK OpenSSL::Crypto ...): one static library.
function(turnd_folder folder)
  cmake_parse_arguments(arg "" "" "DEPS;LINK" ${ARGN})
  turnd_target_name(${folder} name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  set(scope PUBLIC)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PRIVATE turnd_flags)
  else()
    set(scope INTERFACE)
    add_library(${name} INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${CMAKE_SOURCE_DIR})
  foreach(dep IN LISTS arg_DEPS)
    turnd_target_name(${dep} dep_name)
    target_link_libraries(${name} ${scope} ${dep_name})
  endforeach()
  target_link_libraries(${name} ${scope} ${arg_LINK})
endfunction()

# turnd_program(turnd FOLDER turnd DEPS ... LINK ...): main.cpp and the other sources of one folder.
function(turnd_program name)
  cmake_parse_arguments(arg "" "FOLDER" "DEPS;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${arg_FOLDER}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE turnd_flags ${arg_LINK})
  foreach(dep IN LISTS arg_DEPS)
    turnd_target_name(${dep} dep_name)
    target_link_libraries(${name} PRIVATE ${dep_name})
  endforeach()
endfunction()

# turnd_tests(turnd/stun DEPS ... LINK ...): tests/turnd/stun/*_test.cpp as one program, registered with CTest.
function(turnd_tests folder)
  cmake_parse_arguments(arg "" "" "DEPS;LINK" ${ARGN})
  turnd_target_name(${folder} name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE turnd_flags GTest::gmock GTest::gtest_main ${arg_LINK})
  foreach(dep IN LISTS arg_DEPS)
    turnd_target_name(${dep} dep_name)
    target_link_libraries(${name}_tests PRIVATE ${dep_name})
  endforeach()
  gtest_discover_tests(${name}_tests DISCOVERY_MODE PRE_TEST PROPERTIES LABELS unit)
endfunction()
