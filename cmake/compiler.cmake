# Warnings, sanitizers and the linker, for every target of the project.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers carry timestamps that ccache would otherwise take for changes.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

add_library(apisync_flags INTERFACE)
target_compile_options(apisync_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                               -Woverloaded-virtual -Wnull-dereference)
if(APISYNC_WERROR)
  target_compile_options(apisync_flags INTERFACE -Werror)
endif()
# GCC 12 reports uninitialised and out-of-bounds reads inside inlined standard library code.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(apisync_flags INTERFACE -Wno-maybe-uninitialized -Wno-null-dereference
                                                 -Wno-stringop-overflow -Wno-array-bounds -Wno-restrict
                                                 -Wno-stringop-overread -Wno-dangling-reference)
endif()
if(APISYNC_SANITIZE)
  # CAF 0.17 binds references to null shared_ptr in its headers, hence no `null` check.
  set(sanitizers -fsanitize=address,undefined -fno-sanitize=null -fno-sanitize-recover=all
      -fno-omit-frame-pointer)
  target_compile_options(apisync_flags INTERFACE ${sanitizers})
  target_link_options(apisync_flags INTERFACE ${sanitizers})
endif()

find_program(MOLD mold)
if(MOLD)
  target_link_options(apisync_flags INTERFACE -fuse-ld=mold)
endif()
