/* plugin.h alone in C11: that it compiles, and that its layout is the frozen one. */
#include <quartermaster/plugin.h>

#include "layout_1_0.h"

/* Asked by the C++ side, so that this object is linked and the two compilers agree. */
size_t qm_test_size_of_plugin_in_c(void);
size_t qm_test_size_of_plugin_in_c(void) {
  return sizeof(qm_plugin);
}
