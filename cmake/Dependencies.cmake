# Every library the build uses, found in one place; packaging/debian-dependencies.txt lists the
# Debian packages that bring them.
find_package(Threads REQUIRED)
find_package(PostgreSQL 15 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Boost 1.81 REQUIRED COMPONENTS log thread filesystem system url)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(cereal CONFIG REQUIRED)
find_package(yaml-cpp CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
endif()

# cereal's CMake package of Debian names its target cereal or cereal::cereal, by version.
if(TARGET cereal AND NOT TARGET cereal::cereal)
  add_library(cereal::cereal ALIAS cereal)
endif()
