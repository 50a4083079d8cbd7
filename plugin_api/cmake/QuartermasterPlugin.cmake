# Makes a plugin from its plugin.yaml:
#
#   quartermaster_add_plugin(movie MANIFEST plugin.yaml [DEPENDS ../shared/plugin.yaml] [SOURCES x.c])
#
# gives the targets
#   quartermaster_plugin_movie         the shared library movie.so beside its manifest movie.json,
#                                      in lib/quartermaster/plugins of the build directory
#   quartermaster_movie_client         <quartermaster/movie.hpp>, the typed client, header only;
#     (alias Quartermaster::movie)     brings libquartermaster's headers, not the library itself
#   describe_movie                     asks an embedded PostgreSQL about the queries and writes the
#                                      lock file; run it after every change of SQL
# and adds to `plugins` and `describe`, which do it for all. Building needs no database: a lock file
# that does not fit stops the build with the command that renews it.
function(quartermaster_add_plugin id)
  cmake_parse_arguments(PARSE_ARGV 1 plugin "" "MANIFEST" "DEPENDS;SOURCES")
  if(plugin_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "quartermaster_add_plugin(${id}): unknown arguments ${plugin_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT plugin_MANIFEST)
    message(FATAL_ERROR "quartermaster_add_plugin(${id}): MANIFEST is missing; name the plugin.yaml")
  endif()
  cmake_path(ABSOLUTE_PATH plugin_MANIFEST NORMALIZE)
  set(inputs --manifest ${plugin_MANIFEST})
  foreach(dependency IN LISTS plugin_DEPENDS)
    cmake_path(ABSOLUTE_PATH dependency NORMALIZE)
    list(APPEND inputs --dependency ${dependency})
  endforeach()

  set(source ${CMAKE_CURRENT_BINARY_DIR}/${id}_plugin.c)
  set(include_dir ${CMAKE_BINARY_DIR}/generated/include)
  set(header ${include_dir}/quartermaster/${id}.hpp)
  set(directory ${CMAKE_BINARY_DIR}/lib/quartermaster/plugins)
  set(manifest ${directory}/${id}.json)
  add_custom_command(
    OUTPUT ${source} ${header} ${manifest}
    COMMAND qmgen emit ${inputs} --plugin-source ${source} --client-header ${header}
      --plugin-manifest ${manifest} --depfile ${source}.d
    # The compiler leaves files alone that come out the same; their age must still satisfy ninja.
    COMMAND ${CMAKE_COMMAND} -E touch_nocreate ${source} ${header} ${manifest}
    DEPENDS qmgen ${plugin_MANIFEST}
    DEPFILE ${source}.d
    COMMENT "Compiling the queries of plugin ${id}"
    VERBATIM)

  add_library(quartermaster_plugin_${id} MODULE ${source} ${plugin_SOURCES})
  target_link_libraries(quartermaster_plugin_${id} PRIVATE
    quartermaster_plugin_api quartermaster_options)
  target_link_options(quartermaster_plugin_${id} PRIVATE -Wl,--no-undefined)
  set_target_properties(quartermaster_plugin_${id} PROPERTIES
    PREFIX "" OUTPUT_NAME ${id} LIBRARY_OUTPUT_DIRECTORY ${directory})

  add_custom_target(quartermaster_generate_${id} DEPENDS ${source} ${header} ${manifest})
  add_dependencies(quartermaster_plugin_${id} quartermaster_generate_${id})
  add_library(quartermaster_${id}_client INTERFACE)
  add_library(Quartermaster::${id} ALIAS quartermaster_${id}_client)
  target_include_directories(quartermaster_${id}_client INTERFACE
    $<BUILD_INTERFACE:${include_dir}> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/core/include>)
  add_dependencies(quartermaster_${id}_client quartermaster_generate_${id})

  add_custom_target(describe_${id} COMMAND qmgen describe ${inputs} VERBATIM)
  foreach(whole plugins describe)
    if(NOT TARGET ${whole})
      add_custom_target(${whole})
    endif()
  endforeach()
  add_dependencies(plugins quartermaster_plugin_${id})
  add_dependencies(describe describe_${id})
endfunction()
