// SPDX-License-Identifier: GPL-2.0-only
/* Refuses system calls that a program never needs. */
#include "base/syscall_filter.h"

#include <endian.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "kmod/core/portable.h"

/* The value of seccomp_data.arch; 0: not known. */
#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define ARCH AUDIT_ARCH_I386
#elif defined(__aarch64__) && __BYTE_ORDER == __LITTLE_ENDIAN
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__arm__) && __BYTE_ORDER == __LITTLE_ENDIAN
#define ARCH AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
#define ARCH AUDIT_ARCH_S390X
#elif defined(__powerpc64__) && __BYTE_ORDER == __LITTLE_ENDIAN
#define ARCH AUDIT_ARCH_PPC64LE
#else
#define ARCH 0
#endif

/* Numbers above are those of x32, another way of calls in programs of x86-64. */
#ifdef __x86_64__
#define NUMBER_MAX 0x3fffffff
#else
#define NUMBER_MAX 0x7fffffff
#endif

/* execve() is first. Older headers lack the later calls, some architectures the older ones. */
static const uint16_t refused[] = {
	SYS_execve,
	SYS_execveat,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_kcmp,
	SYS_process_vm_writev,
	SYS_perf_event_open,
	SYS_userfaultfd,
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
	SYS_reboot,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_unshare,
	SYS_setns,
	SYS_bpf,
	SYS_open_by_handle_at,
	SYS_keyctl,
	SYS_add_key,
	SYS_request_key,
	SYS_mknodat,
	SYS_swapon,
	SYS_swapoff,
	SYS_acct,
	SYS_syslog,
#ifdef SYS_mknod
	SYS_mknod,
#endif
#ifdef SYS_kexec_file_load
	SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
	SYS_iopl,
	SYS_ioperm,
	SYS_modify_ldt,
#endif
#ifdef SYS_io_uring_setup
	SYS_io_uring_setup,
	SYS_io_uring_enter,
	SYS_io_uring_register,
#endif
#ifdef SYS_fsopen
	SYS_open_tree,
	SYS_move_mount,
	SYS_fsopen,
	SYS_fsconfig,
	SYS_fsmount,
	SYS_fspick,
#endif
#ifdef SYS_mount_setattr
	SYS_mount_setattr,
#endif
#ifdef SYS_pidfd_getfd
	SYS_pidfd_getfd,
#endif
};

#define NR_EXECUTE 2 /* of these at the start */

enum { LOAD_ARCH, IS_ARCH, LOAD_NUMBER, IS_ABOVE, COMPARE };

int syscall_filter(bool execute)
{
	struct sock_filter code[COMPARE + ARRAY_SIZE(refused) + 2];
	struct sock_fprog program = { .filter = code };
	unsigned int i, n = COMPARE, end;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	if (!ARCH)
		return -EOPNOTSUPP;
	i = execute ? NR_EXECUTE : 0;
	end = COMPARE + (unsigned int)ARRAY_SIZE(refused) - i + 1; /* of the refusal */
	code[LOAD_ARCH] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						       offsetof(struct seccomp_data, arch));
	code[IS_ARCH] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 0,
						     (uint8_t)(end - IS_ARCH - 1));
	code[LOAD_NUMBER] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
							 offsetof(struct seccomp_data, nr));
	code[IS_ABOVE] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, NUMBER_MAX,
						      (uint8_t)(end - IS_ABOVE - 1), 0);
	for (; i < ARRAY_SIZE(refused); i++, n++)
		code[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[i],
						       (uint8_t)(end - n - 1), 0);
	code[n] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[end] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	program.len = (unsigned short)(end + 1);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) ? -errno : 0;
}
