package dev.hearth.host.isolation;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Forbids system calls to all threads of this process for good ({@code man 2 seccomp}). A forbidden
 * call fails with {@code EPERM}. Each filter adds to the earlier ones.
 */
public final class SystemCalls {

  private static final int X86_64 = 0xC000003E;
  private static final int X32 = 0x40000000;

  private static final int ALLOW = 0x7fff0000;
  private static final int EPERM = 0x00050000 | 1;
  private static final int ENOSYS = 0x00050000 | 38;

  /** Offsets in {@code struct seccomp_data}. */
  private static final int NUMBER = 0;

  private static final int ARCHITECTURE = 4;
  private static final int FIRST_ARGUMENT = 16;

  /** Instructions of {@code struct sock_filter}. */
  private static final int LOAD = 0x20;

  private static final int IF_EQUAL = 0x15;
  private static final int IF_AT_LEAST = 0x35;
  private static final int IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  private static final int SECCOMP = 317;
  private static final int CLONE = 56;
  private static final int CLONE3 = 435;
  private static final int CLONE_THREAD = 0x00010000;
  private static final int CLONE_NEW = 0x7e020080;

  /** Calls that change the machine, inspect other processes, or often have kernel flaws. */
  private static final List<Integer> PRIVILEGED =
      List.of(
          101, // ptrace
          135, // personality
          139, // sysfs
          153, // vhangup
          154, // modify_ldt
          155, // pivot_root
          159, // adjtimex
          161, // chroot
          163, // acct
          164, // settimeofday
          165, // mount
          166, // umount2
          167, // swapon
          168, // swapoff
          169, // reboot
          170, // sethostname
          171, // setdomainname
          172, // iopl
          173, // ioperm
          175, // init_module
          176, // delete_module
          179, // quotactl
          180, // nfsservctl
          227, // clock_settime
          246, // kexec_load
          248, // add_key
          249, // request_key
          250, // keyctl
          272, // unshare
          298, // perf_event_open
          303, // name_to_handle_at
          304, // open_by_handle_at
          308, // setns
          310, // process_vm_readv
          311, // process_vm_writev
          313, // finit_module
          320, // kexec_file_load
          321, // bpf
          323, // userfaultfd
          425, // io_uring_setup
          426, // io_uring_enter
          427, // io_uring_register
          428, // open_tree
          429, // move_mount
          430, // fsopen
          431, // fsconfig
          432, // fsmount
          433, // fspick
          438, // pidfd_getfd
          442 // mount_setattr
          );

  private static final int FORK = 57;
  private static final int VFORK = 58;
  private static final int EXECVE = 59;
  private static final int EXECVEAT = 322;

  private final List<int[]> instructions = new ArrayList<>();

  private SystemCalls() {}

  /** Forbids the privileged calls, which no host needs. */
  public static void giveUpPrivileged() {
    var filter = new SystemCalls();
    PRIVILEGED.forEach(filter::refuse);
    filter.refuseClone(CLONE_NEW, true);
    filter.install();
  }

  /** Forbids starting processes; threads can still be started. */
  public static void giveUpProcesses() {
    var filter = new SystemCalls();
    List.of(FORK, VFORK, EXECVE, EXECVEAT).forEach(filter::refuse);
    filter.refuseClone(CLONE_THREAD, false);
    filter.install();
  }

  /**
   * Ends the filter with a check of the flags of {@code clone}. The flags of {@code clone3} are in
   * memory, where no filter sees them; {@code ENOSYS} makes the C library fall back to {@code
   * clone}.
   *
   * @param whenSet true to forbid calls with any of the flags, false to forbid calls without them
   */
  private void refuseClone(int flags, boolean whenSet) {
    add(IF_EQUAL, 0, 4, CLONE);
    add(LOAD, 0, 0, FIRST_ARGUMENT);
    add(IF_ANY_BIT, whenSet ? 0 : 1, whenSet ? 1 : 0, flags);
    add(RETURN, 0, 0, EPERM);
    add(RETURN, 0, 0, ALLOW);
    add(IF_EQUAL, 0, 1, CLONE3);
    add(RETURN, 0, 0, ENOSYS);
    add(RETURN, 0, 0, ALLOW);
  }

  private void refuse(int number) {
    add(IF_EQUAL, 0, 1, number);
    add(RETURN, 0, 0, EPERM);
  }

  private void add(int code, int ifTrue, int ifFalse, int operand) {
    instructions.add(new int[] {code, ifTrue, ifFalse, operand});
  }

  private void install() {
    if (!System.getProperty("os.arch").equals("amd64")) {
      return; // The call numbers above are amd64's.
    }
    var whole = new ArrayList<int[]>();
    whole.add(new int[] {LOAD, 0, 0, ARCHITECTURE});
    whole.add(new int[] {IF_EQUAL, 1, 0, X86_64});
    whole.add(new int[] {RETURN, 0, 0, EPERM});
    whole.add(new int[] {LOAD, 0, 0, NUMBER});
    whole.add(new int[] {IF_AT_LEAST, 0, 1, X32});
    whole.add(new int[] {RETURN, 0, 0, EPERM});
    whole.addAll(instructions);
    try (var arena = Arena.ofConfined()) {
      var filter = arena.allocate(8L * whole.size(), 8);
      for (int i = 0; i < whole.size(); i++) {
        var instruction = whole.get(i);
        filter.set(ValueLayout.JAVA_SHORT, 8L * i, (short) instruction[0]);
        filter.set(ValueLayout.JAVA_BYTE, 8L * i + 2, (byte) instruction[1]);
        filter.set(ValueLayout.JAVA_BYTE, 8L * i + 3, (byte) instruction[2]);
        filter.set(ValueLayout.JAVA_INT, 8L * i + 4, instruction[3]);
      }
      var program =
          arena.allocate(
              MemoryLayout.structLayout(
                  ValueLayout.JAVA_SHORT, MemoryLayout.paddingLayout(6), ValueLayout.ADDRESS));
      program.set(ValueLayout.JAVA_SHORT, 0, (short) whole.size());
      program.set(ValueLayout.ADDRESS, 8, filter);
      call(program);
    }
  }

  @SuppressWarnings("restricted")
  private static void call(MemorySegment program) {
    var linker = Linker.nativeLinker();
    var symbols = linker.defaultLookup();
    MethodHandle prctl =
        linker.downcallHandle(
            symbols.findOrThrow("prctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    MethodHandle syscall =
        linker.downcallHandle(
            symbols.findOrThrow("syscall"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(1));
    try {
      // PR_SET_NO_NEW_PRIVS, without which only root may filter.
      var unprivileged = (int) prctl.invokeExact(38, 1L, 0L, 0L, 0L);
      // SECCOMP_SET_MODE_FILTER with SECCOMP_FILTER_FLAG_TSYNC: all threads.
      var installed = (long) syscall.invokeExact((long) SECCOMP, 1L, 1L, program);
      if (unprivileged != 0 || installed != 0) {
        throw new IllegalStateException("cannot install the seccomp filter: " + installed);
      }
    } catch (RuntimeException | Error known) {
      // A method handle declares Throwable.
      throw known;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
