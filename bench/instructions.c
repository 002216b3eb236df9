/*
 * A plugin of qemu-user that counts every instruction of the program it runs, in all threads, into the first eight bytes
 * of a file, where others can read it at any moment: -plugin ./instructions.so,into=PATH
 *
 * The few declarations it needs are of the plugin interface of QEMU, version 1.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct qemu_plugin_tb;
enum { NO_REGISTERS = 0 };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*translated)(uint64_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(
    struct qemu_plugin_tb *block, void (*executed)(unsigned int, void *), int registers, void *data);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

static uint64_t *count;

static void executed(unsigned int processor, void *instructions)
{
    (void)processor;
    __atomic_fetch_add(count, (uintptr_t)instructions, __ATOMIC_RELAXED);
}

static void translated(uint64_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_cb(block, executed, NO_REGISTERS, (void *)(uintptr_t)qemu_plugin_tb_n_insns(block));
}

__attribute__((visibility("default"))) int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
    (void)info;
    if (argc != 1 || strncmp(argv[0], "into=", 5) != 0) {
        return 1;
    }

    int file = open(argv[0] + 5, O_RDWR | O_CREAT, 0644);
    if (file < 0 || ftruncate(file, sizeof *count) != 0) {
        return 1;
    }

    count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (count == MAP_FAILED) {
        return 1;
    }

    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return 0;
}
