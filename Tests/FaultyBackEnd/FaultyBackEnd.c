#define _GNU_SOURCE

#include "FaultyBackEnd.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct portico_network {
    int in_load;
    int channels;
    char stage[64];
    char fault[32];
    char path[512];
    char unless[512];
};

/// The network whose stage is watched for, once for the process.
static struct portico_network watched;
static int real_output = -1;
static int watched_output = -1;

static void read_orders(const char *path, struct portico_network *network) {
    memset(network, 0, sizeof *network);
    network->channels = 5;
    FILE *file = fopen(path, "r");
    if (!file) return;
    char line[600];
    while (fgets(line, sizeof line, file)) {
        char word[16] = "";
        if (sscanf(line, "in %15s", word) == 1) network->in_load = strcmp(word, "load") == 0;
        sscanf(line, "stage %63[^\n]", network->stage);
        sscanf(line, "do %31s %511s", network->fault, network->path);
        sscanf(line, "unless %511s", network->unless);
        sscanf(line, "channels %d", &network->channels);
    }
    fclose(file);
}

static void allocate_without_end(void) {
    const size_t step = 32u << 20;
    for (;;) {
        char *block = malloc(step);
        if (!block) abort();
        memset(block, 1, step);
    }
}

static void await(const char *path) {
    int fifo = open(path, O_RDONLY);
    char byte;
    while (fifo >= 0 && read(fifo, &byte, 1) > 0) {
    }
    if (fifo >= 0) close(fifo);
}

/// Does what the orders say; returns nonzero where it is to be reported as memory that ran out.
static int commit_fault(const struct portico_network *network) {
    const char *fault = network->fault;
    if (network->unless[0]) {
        if (access(network->unless, F_OK) == 0) return 0;
        int marker = open(network->unless, O_WRONLY | O_CREAT, 0600);
        if (marker >= 0) close(marker);
    }
    if (!strcmp(fault, "abort")) abort();
    // A real fault: a handler of the Swift runtime returns from a raised signal as if nothing had been.
    if (!strcmp(fault, "segv")) *(volatile int *)(uintptr_t)network->in_load = 1;
    if (!strcmp(fault, "kill")) kill(getpid(), SIGKILL);
    if (!strcmp(fault, "exit")) _exit(3);
    if (!strcmp(fault, "hang")) for (;;) pause();
    if (!strcmp(fault, "allocate")) allocate_without_end();
    if (!strcmp(fault, "await")) await(network->path);
    return !strcmp(fault, "refuse");
}

/// Hands on what the worker writes, and commits the fault when the stage begins that it waits for.
static void *watch(void *nothing) {
    (void)nothing;
    char wanted[100];
    snprintf(wanted, sizeof wanted, "\"name\":\"%s\"", watched.stage);
    FILE *lines = fdopen(watched_output, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while (lines && (length = getline(&line, &room, lines)) > 0) {
        for (ssize_t sent = 0; sent < length;) {
            ssize_t count = write(real_output, line + sent, (size_t)(length - sent));
            if (count <= 0) return NULL;
            sent += count;
        }
        if (strstr(line, wanted)) commit_fault(&watched);
    }
    return NULL;
}

static void start_watching(const struct portico_network *network) {
    if (real_output >= 0) return;
    int ends[2];
    if (pipe(ends) != 0) abort();
    watched = *network;
    real_output = dup(STDOUT_FILENO);
    watched_output = ends[0];
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    pthread_t thread;
    if (pthread_create(&thread, NULL, watch, NULL) != 0) abort();
    pthread_detach(thread);
}

static int32_t out_of_memory(portico_inference_error *error) {
    snprintf(error->message, sizeof error->message, "the faulty back end has no memory");
    return PORTICO_INFERENCE_NO_MEMORY;
}

static int32_t load(const char *path, const portico_load_options *options, portico_network **network,
                    portico_load_report *report,
                    portico_inference_error *error) {
    (void)options;
    memset(report, 0, sizeof *report);
    struct portico_network *made = malloc(sizeof *made);
    if (!made) return out_of_memory(error);
    read_orders(path, made);
    if (made->stage[0]) {
        start_watching(made);
    } else if (made->in_load && commit_fault(made)) {
        free(made);
        return out_of_memory(error);
    }
    *network = made;
    return PORTICO_INFERENCE_OK;
}

static int32_t run(portico_network *network, const portico_tensor *input, portico_tensor *output,
                   portico_inference_error *error) {
    if (!network->stage[0] && !network->in_load && commit_fault(network)) return out_of_memory(error);
    int64_t voxels = 1;
    for (int axis = 2; axis < input->rank; axis++) voxels *= input->shape[axis];
    const int64_t channels = network->channels;
    float *elements = calloc((size_t)(input->shape[0] * channels * voxels), sizeof *elements);
    if (!elements) return out_of_memory(error);
    for (int64_t item = 0; item < input->shape[0] && channels > 1; item++) {
        const float *from = input->elements + item * input->shape[1] * voxels;
        float *to = elements + (item * channels + 1) * voxels;
        for (int64_t voxel = 0; voxel < voxels; voxel++) to[voxel] = from[voxel] - 0.5f;
    }
    *output = *input;
    output->elements = elements;
    output->owner = elements;
    output->shape[1] = channels;
    output->element_type = "float32";
    return PORTICO_INFERENCE_OK;
}

static void release_output(portico_tensor *output) { free(output->owner); }

static void unload(portico_network *network) { free(network); }

static size_t describe(char *buffer, size_t size) {
    static const char text[] = "{\"version\":\"1\",\"devices\":[{\"name\":\"cpu\",\"description\":\"none\"}],"
                               "\"threads\":1,\"instructionSets\":[],\"precisions\":[\"float32\"]}";
    if (sizeof text <= size) memcpy(buffer, text, sizeof text);
    return sizeof text - 1;
}

static int32_t probe(const char *device, int32_t threads, double seconds, double *speed,
                     portico_inference_error *error) {
    (void)device;
    (void)threads;
    (void)seconds;
    *speed = 0;
    snprintf(error->message, sizeof error->message, "the faulty back end has no speed");
    return PORTICO_INFERENCE_FAILED;
}

__attribute__((visibility("default"))) const portico_backend_table *portico_backend(void) {
    static const portico_backend_table table = {
        .abi_version = PORTICO_INFERENCE_ABI_VERSION,
        .name = "torch",
        .library_version = "faulty",
        .describe = describe,
        .probe = probe,
        .load = load,
        .run = run,
        .release_output = release_output,
        .unload = unload,
    };
    return &table;
}
