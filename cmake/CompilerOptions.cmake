# Language level, warnings, hardening, sanitizers: one interface target that everything of ours
# links. Not exported: none of it is forced on users of the installed library.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_LINK_WHAT_YOU_USE OFF)

option(QUARTERMASTER_WERROR "Treat warnings as errors" ON)
set(QUARTERMASTER_SANITIZE "" CACHE STRING "Sanitizers, comma-separated: address,undefined or thread")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(quartermaster_options INTERFACE)
target_compile_options(quartermaster_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wformat=2
  -Wundef -Wvla -Wimplicit-fallthrough
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wextra-semi>
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op
    # GCC 12 sees overlapping copies in operator+(const char*, std::string&&): its bug 105651.
    -Wno-restrict>
  $<$<BOOL:${QUARTERMASTER_WERROR}>:-Werror>)

if(QUARTERMASTER_SANITIZE)
  string(REPLACE "," ";" sanitizers "${QUARTERMASTER_SANITIZE}")
  list(TRANSFORM sanitizers PREPEND -fsanitize=)
  target_compile_options(quartermaster_options INTERFACE
    ${sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all
    # Sanitizer instrumentation makes GCC 12 see uninitialised uses in the standard library.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    # Asio has fences that ThreadSanitizer does not model; what they order, its mutexes order too.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  target_link_options(quartermaster_options INTERFACE ${sanitizers})
else()
  target_compile_options(quartermaster_options INTERFACE
    -fstack-clash-protection -fstack-protector-strong
    $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection=full>
    $<$<CXX_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero>)
  target_compile_definitions(quartermaster_options INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=3>
    _GLIBCXX_ASSERTIONS)
endif()
target_link_options(quartermaster_options INTERFACE
  -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
