/* A program, given to the host as if it were a plugin; and a library that exports no entry. */
int main(void) {
  return 0;
}
