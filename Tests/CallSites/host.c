void fail_in_swift(void);

__attribute__((noinline)) static void deeper(int depth) {
  if (depth > 0) deeper(depth - 1);
  else fail_in_swift();
  __asm__ volatile("");
}

int main(void) {
  deeper(3);
  return 0;
}
