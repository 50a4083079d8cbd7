/* A program, given to the host as if it were a plugin. */
int main(void) {
  return 0;
}
