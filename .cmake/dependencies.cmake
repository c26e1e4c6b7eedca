# The libraries we use, under one name each whatever the distribution calls them. Versions are the oldest we test:
# Debian 12's; Debian 13 and Ubuntu 24.04 have newer ones.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS json)
find_package(ICU 70 REQUIRED COMPONENTS uc)
find_package(spdlog REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(CURL REQUIRED)
find_package(LibXml2 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libsodium REQUIRED IMPORTED_TARGET GLOBAL libsodium)
pkg_check_modules(libical REQUIRED IMPORTED_TARGET GLOBAL libical)
# Without it signald has no `amqp`, and says so when somebody sets it.
pkg_check_modules(librabbitmq IMPORTED_TARGET GLOBAL librabbitmq>=0.11)
add_library(signald_rabbitmq INTERFACE)
if(TARGET PkgConfig::librabbitmq)
  target_link_libraries(signald_rabbitmq INTERFACE PkgConfig::librabbitmq)
endif()

if(NOT TARGET yaml-cpp::yaml-cpp) # 0.7 calls it yaml-cpp
  add_library(yaml-cpp::yaml-cpp INTERFACE IMPORTED)
  target_link_libraries(yaml-cpp::yaml-cpp INTERFACE yaml-cpp)
endif()
if(NOT TARGET SQLite::SQLite3) # CMake 4.3 calls it SQLite3::SQLite3
  add_library(SQLite::SQLite3 INTERFACE IMPORTED)
  target_link_libraries(SQLite::SQLite3 INTERFACE SQLite3::SQLite3)
endif()
