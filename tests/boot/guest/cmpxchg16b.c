// SPDX-License-Identifier: GPL-2.0-only
/*
 * Executes cmpxchg16b behind popfq and a comparison, and prints how often the flags behind it have bits that none of
 * these instructions sets: an emulator that takes the operand of the comparison for the flags.
 */
#include <stdint.h>
#include <stdio.h>

#define OPERAND 0x041ef2c2 /* also has bits of NT, IOPL and above in EFLAGS */
#define ALWAYS 0x202 /* IF, and the bit that is always set */
#define ARITHMETIC 0x8d5 /* OF, SF, ZF, AF, PF, CF */
#define TIMES 100

int main(void)
{
	static struct {
		uint64_t low, high;
	} __attribute__((aligned(16))) memory;
	uint64_t flags, low, high;
	int i, wrong = 0;

	for (i = 0; i < TIMES; i++) {
		low = OPERAND;
		high = 2;
		__asm__ volatile("pushfq\n\tpopfq\n\tcmp %%rax, %%rbx\n\tcmpxchg16b %1\n\tpushfq\n\tpop %0"
				 : "=r"(flags), "+m"(memory), "+a"(low), "+d"(high)
				 : "b"(0UL), "c"(0UL)
				 : "cc", "memory");
		wrong += (flags & ~(uint64_t)(ALWAYS | ARITHMETIC)) != 0;
	}
	printf("%d of %d wrong\n", wrong, TIMES);
	return 0;
}
