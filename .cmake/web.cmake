# The web client, built beside the programs with node and npm: bin/../share/signald/web, which is where signald looks.
# Everything npm makes stays in the build directory. Without npm signald is built without its pages.
option(SIGNALD_WEB "Build signald's web client (needs npm, and the registry for its packages)" ON)
if(NOT SIGNALD_WEB OR CMAKE_CXX_FLAGS MATCHES "fsanitize") # a sanitizer has nothing to say about it
  return()
endif()
find_program(SIGNALD_NPM npm)
find_program(SIGNALD_NODE node)
if(NOT SIGNALD_NPM OR NOT SIGNALD_NODE)
  message(STATUS "signald is built without its web client: npm is not installed")
  return()
endif()

set(web_source ${CMAKE_SOURCE_DIR}/signaling/web)
set(web_build ${CMAKE_BINARY_DIR}/web)
set(web_output ${CMAKE_BINARY_DIR}/share/signald/web)
set(web_packages package.json package-lock.json .npmrc)
set(web_files index.html tsconfig.json vite.config.ts)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS RELATIVE ${web_source}
     ${web_source}/src/* ${web_source}/public/* ${web_source}/tests/*)
list(APPEND web_files ${web_sources})
list(TRANSFORM web_packages PREPEND ${web_source}/ OUTPUT_VARIABLE web_package_paths)
list(TRANSFORM web_files PREPEND ${web_source}/ OUTPUT_VARIABLE web_paths)

add_custom_command(
  OUTPUT ${web_build}/packages.stamp
  COMMAND ${CMAKE_COMMAND} -E make_directory ${web_build}
  COMMAND ${CMAKE_COMMAND} -E copy ${web_package_paths} ${web_build}
  COMMAND ${CMAKE_COMMAND} -E chdir ${web_build} ${SIGNALD_NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${web_build}/packages.stamp
  DEPENDS ${web_package_paths}
  COMMENT "Fetching the packages of the web client (-DSIGNALD_WEB=OFF builds without it)"
  VERBATIM)

# The sources are laid beside the packages, where node looks for them; what was deleted must not stay.
add_custom_command(
  OUTPUT ${web_build}/built.stamp
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${web_build}/src ${web_build}/public ${web_build}/tests
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${web_source}/src ${web_build}/src
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${web_source}/public ${web_build}/public
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${web_source}/tests ${web_build}/tests
  COMMAND ${CMAKE_COMMAND} -E copy ${web_source}/index.html ${web_source}/tsconfig.json ${web_source}/vite.config.ts
          ${web_build}
  COMMAND ${CMAKE_COMMAND} -E chdir ${web_build} ${CMAKE_COMMAND} -E env SIGNALD_WEB_OUT=${web_output}
          ${SIGNALD_NPM} run --silent build -- --logLevel warn
  COMMAND ${CMAKE_COMMAND} -E touch ${web_build}/built.stamp
  DEPENDS ${web_build}/packages.stamp ${web_paths}
  COMMENT "Building the web client"
  VERBATIM)

add_custom_target(web ALL DEPENDS ${web_build}/built.stamp)
add_dependencies(programs web)
install(DIRECTORY ${web_output} DESTINATION share/signald)

if(TURND_TESTS)
  add_test(NAME web.unit COMMAND ${SIGNALD_NODE} node_modules/vitest/vitest.mjs run WORKING_DIRECTORY ${web_build})
  set_tests_properties(web.unit PROPERTIES LABELS web TIMEOUT 300 ENVIRONMENT "SIGNALD_WEB_OUT=${web_output}")
endif()

# tests/e2e/web/*_test.mjs: the pages in Chromium, with turnd and signald, in a network namespace of their own.
find_program(TURND_E2E_chromium chromium)
if(TURND_TESTS AND TURND_E2E_chromium AND TARGET turnd AND TARGET signaling)
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/e2e/web/*_test.mjs)
  foreach(script IN LISTS scripts)
    get_filename_component(name ${script} NAME_WE)
    add_test(NAME e2e.web_${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/e2e/run ${CMAKE_BINARY_DIR} web/${name}.mjs)
    set_tests_properties(e2e.web_${name} PROPERTIES LABELS e2e TIMEOUT 900 RUN_SERIAL ON)
  endforeach()
endif()
