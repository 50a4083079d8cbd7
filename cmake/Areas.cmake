# An area is a folder below core/src: its sources become one object library qm_<area>, of which
# libquartermaster is made; tests of internals link the same objects through quartermaster_internal.
#
#   quartermaster_area(pool SOURCES pool.cpp ... LINK PostgreSQL::PostgreSQL ...)
function(quartermaster_area name)
  cmake_parse_arguments(PARSE_ARGV 1 area "" "" "SOURCES;LINK")
  if(area_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "quartermaster_area(${name}): unknown arguments ${area_UNPARSED_ARGUMENTS}")
  endif()
  add_library(qm_${name} OBJECT ${area_SOURCES})
  target_include_directories(qm_${name}
    PUBLIC ${PROJECT_SOURCE_DIR}/core/include ${PROJECT_SOURCE_DIR}/plugin_api/include
    PRIVATE ${PROJECT_SOURCE_DIR}/core/src)
  target_compile_definitions(qm_${name} PRIVATE QUARTERMASTER_VERSION="${PROJECT_VERSION}")
  target_link_libraries(qm_${name} PRIVATE quartermaster_options fmt::fmt ${area_LINK})
  set_property(GLOBAL APPEND PROPERTY QUARTERMASTER_AREAS qm_${name})
  set_property(GLOBAL APPEND PROPERTY QUARTERMASTER_AREA_LINKS ${area_LINK})
endfunction()

# A test program of one folder: every *_test.cpp, *_pgtest.cpp, ... in it. Each TEST is a CTest
# test of its own, so that they run in parallel and in separate processes.
#
# NEEDS_POSTGRES has CTest start a server first and links the test databases of tests/support.
#
#   quartermaster_test(unit_pool DIRECTORY pool [NEEDS_POSTGRES] [TIMEOUT s] [LINK ...] [LABELS ...])
function(quartermaster_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "NEEDS_POSTGRES" "DIRECTORY;TIMEOUT" "LINK;LABELS;DEPENDS")
  file(GLOB sources CONFIGURE_DEPENDS ${test_DIRECTORY}/*.cpp)
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE
    ${PROJECT_SOURCE_DIR}/core/src ${PROJECT_SOURCE_DIR}/tests/support)
  target_link_libraries(${name} PRIVATE
    quartermaster_options quartermaster_internal fmt::fmt GTest::gtest GTest::gmock GTest::gtest_main
    ${test_LINK})
  if(test_DEPENDS)
    add_dependencies(${name} ${test_DEPENDS})
  endif()
  if(NOT test_TIMEOUT)
    set(test_TIMEOUT 120)
  endif()
  set(fixtures)
  if(test_NEEDS_POSTGRES)
    target_link_libraries(${name} PRIVATE qm_test_support)
    set(fixtures FIXTURES_REQUIRED postgres)
  endif()
  # Only when there are any: an empty list would vanish and make the next word the label.
  set(labels)
  if(test_LABELS)
    set(labels LABELS "${test_LABELS}")
  endif()
  gtest_discover_tests(${name}
    TEST_PREFIX "${name}."
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${test_TIMEOUT} ${labels} ${fixtures})
endfunction()
