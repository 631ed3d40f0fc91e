// SPDX-License-Identifier: GPL-2.0-only
/*
 * storm [--svg FILE] [SEEDS]: simulates, in virtual time, a thousand machines that are powered on
 * within one second. Their target accepts 50 logins a second, and they use the agent's own schedule
 * (agent/base/backoff.c).
 *
 * The model: a machine makes its first attempt when it is powered on, at a random time within the
 * second. The target handles one login at a time, in 20 ms each. It lets QUEUE more wait and
 * answers all others "busy" at once. RTT_MS later such a machine has the answer, and pauses. The
 * model ignores targets that drop connection requests: TCP's retransmissions after 1 and 3 s are no
 * part of our schedule. It also ignores the second or so that iscsistart takes to report a busy
 * target. The load is every attempt that reaches the target, first ones included, in windows of 100
 * ms. The mean is that of all windows until the last machine is logged in.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"

#define MACHINES 1000
#define LOGIN_MS 20 /* 50 a second: at best all are logged in after 20 s */
#define QUEUE 8
#define RTT_MS 1
#define WINDOW_MS 100
#define WINDOWS 6000
/* The limits: 1.5 times the ideal, and no window above three times the mean. */
#define LAST_IN_MS (MACHINES * LOGIN_MS * 3 / 2)
#define OVER_MEAN 3

struct machine {
	double at; /* time of the next attempt, in ms */
	unsigned int failures;
};

struct storm {
	uint64_t random;
	struct machine machines[MACHINES];
	unsigned int tries[WINDOWS], in[WINDOWS];
	unsigned int nr_tries, nr_in;
	double last_in;
	unsigned int (*pause)(struct storm *storm, unsigned int failures);
};

/* splitmix64, by Sebastiano Vigna: a seed gives the same storm on every machine. */
static uint32_t next_random(struct storm *s)
{
	uint64_t z = s->random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (uint32_t)((z ^ z >> 31) >> 32);
}

static unsigned int ours(struct storm *s, unsigned int failures)
{
	return backoff_ms(&backoff_busy, failures, next_random(s));
}

/*
 * iscsistart's schedule after a refusal: strace shows 5 s once, then 3 s forever (2.1.8).
 */
static unsigned int fixed(struct storm *s, unsigned int failures)
{
	return failures == 1 ? 5000 : 3000;
}

static struct machine *earliest(struct storm *s)
{
	struct machine *first = NULL;

	for (struct machine *m = s->machines; m < s->machines + MACHINES; m++)
		if (m->at >= 0 && (!first || m->at < first->at))
			first = m;
	return first;
}

static unsigned int *window(unsigned int *of, double at)
{
	size_t w = (size_t)(at / WINDOW_MS);

	return &of[w < WINDOWS ? w : WINDOWS - 1];
}

static void run(struct storm *s, uint64_t seed, unsigned int (*pause)(struct storm *, unsigned int))
{
	double idle_at = 0; /* when the target has handled all waiting logins */
	struct machine *m;

	memset(s, 0, sizeof(*s));
	s->random = seed;
	s->pause = pause;
	for (m = s->machines; m < s->machines + MACHINES; m++)
		m->at = next_random(s) % 1000000 / 1000.0;
	while ((m = earliest(s)) && m->at < WINDOWS * WINDOW_MS) {
		++*window(s->tries, m->at);
		s->nr_tries++;
		if (idle_at - m->at < QUEUE * LOGIN_MS) {
			idle_at = (idle_at > m->at ? idle_at : m->at) + LOGIN_MS;
			++*window(s->in, idle_at);
			s->nr_in++;
			s->last_in = idle_at;
			m->at = -1;
		} else {
			m->at += RTT_MS + pause(s, ++m->failures);
		}
	}
}

/* The load of the fullest window, in multiples of the mean. */
static double over_mean(const struct storm *s)
{
	unsigned int most = 0, windows = (unsigned int)(s->last_in / WINDOW_MS) + 1;

	for (unsigned int w = 0; w < WINDOWS; w++)
		if (s->tries[w] > most)
			most = s->tries[w];
	return (double)most * windows / s->nr_tries;
}

struct worst {
	double last_in, over_mean, tries;
	bool all_in;
};

static struct worst worst_of(struct storm *s, unsigned int seeds,
			     unsigned int (*pause)(struct storm *, unsigned int))
{
	struct worst worst = { .all_in = true };

	for (unsigned int seed = 1; seed <= seeds; seed++) {
		run(s, seed, pause);
		worst.all_in &= s->nr_in == MACHINES;
		if (s->last_in > worst.last_in)
			worst.last_in = s->last_in;
		if (over_mean(s) > worst.over_mean)
			worst.over_mean = over_mean(s);
		if ((double)s->nr_tries / MACHINES > worst.tries)
			worst.tries = (double)s->nr_tries / MACHINES;
	}
	return worst;
}

/* Draws the attempts in each window as one line, and the machines that are logged in as another. */
#define SVG_WIDTH 720
#define SVG_HEIGHT 200
#define SVG_SECONDS 80
#define SVG_MOST 250 /* tries in a window */

static void draw(FILE *out, const struct storm *s, int top, const char *title)
{
	unsigned int w, in = 0, windows = SVG_SECONDS * 1000 / WINDOW_MS;
	double x = (double)SVG_WIDTH / windows;

	fprintf(out, "<g transform='translate(50 %d)'>\n<text x='0' y='-8'>%s</text>\n", top, title);
	for (w = 0; w <= SVG_SECONDS; w += 10)
		fprintf(out, "<path d='M%.0f 0v%d' class='grid'/><text x='%.0f' y='%d' class='small'>%u s</text>\n",
			w * 10 * x, SVG_HEIGHT, w * 10 * x - 6, SVG_HEIGHT + 14, w);
	fprintf(out, "<path class='tries' d='M0 %d", SVG_HEIGHT);
	for (w = 0; w < windows; w++)
		fprintf(out, "L%.1f %.1f", w * x, SVG_HEIGHT - (double)SVG_HEIGHT * s->tries[w] / SVG_MOST);
	fprintf(out, "'/>\n<path class='in' d='M0 %d", SVG_HEIGHT);
	for (w = 0; w < windows; w++) {
		in += s->in[w];
		fprintf(out, "L%.1f %.1f", w * x, SVG_HEIGHT - (double)SVG_HEIGHT * in / MACHINES);
	}
	fprintf(out, "'/>\n</g>\n");
}

static void svg(struct storm *s, const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out)
		err(1, "%s", path);
	fprintf(out, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 800 560' font-family='sans-serif' "
		     "font-size='13'>\n<style>.grid{stroke:#ccc}.small{font-size:11px}.tries{fill:none;stroke:#c33}"
		     ".in{fill:none;stroke:#36c;stroke-width:2}</style>\n<rect width='800' height='560' fill='#fff'/>\n"
		     "<text x='50' y='20'>%d machines, powered on within one second; a target that serves %d logins "
		     "a second</text>\n<text x='50' y='40' class='small'>red: login attempts at the target in "
		     "100 ms, up to %d; blue: machines logged in, up to %d</text>\n",
		MACHINES, 1000 / LOGIN_MS, SVG_MOST, MACHINES);
	run(s, 1, ours);
	draw(out, s, 80, "the agent's schedule");
	run(s, 1, fixed);
	draw(out, s, 330, "iscsistart's fixed schedule: 5 s, then every 3 s");
	fprintf(out, "</svg>\n");
	if (fclose(out))
		err(1, "%s", path);
}

static bool report(unsigned int nr, bool ok, const char *what, double is, double most,
		   const char *unit)
{
	printf("%s %u - %s: %.2f %s, at most %.2f\n", ok ? "ok" : "not ok", nr, what, is, unit, most);
	return ok;
}

int main(int argc, char **argv)
{
	static struct storm storm;
	unsigned int seeds;
	struct worst worst;
	bool ok;

	if (argc > 2 && !strcmp(argv[1], "--svg")) {
		svg(&storm, argv[2]);
		return 0;
	}
	seeds = argc > 1 ? (unsigned int)strtoul(argv[1], NULL, 10) : 100;
	printf("1..4\n"); /* tests/bench/check prints the last one */
	worst = worst_of(&storm, seeds, ours);
	ok = worst.all_in;
	printf("%s 1 - %u storms: all machines are logged in\n", ok ? "ok" : "not ok", seeds);
	ok &= report(2, worst.last_in <= LAST_IN_MS, "last machine logged in after", worst.last_in / 1000,
		     LAST_IN_MS / 1000.0, "s");
	ok &= report(3, worst.over_mean <= OVER_MEAN, "attempts in the fullest 100 ms", worst.over_mean,
		     OVER_MEAN, "times the mean");
	printf("# at most %.1f attempts per machine on average\n", worst.tries);
	worst = worst_of(&storm, seeds, fixed);
	printf("# iscsistart's schedule: last machine after %.1f s, %.1f times the mean, %.1f attempts\n",
	       worst.last_in / 1000, worst.over_mean, worst.tries);
	return !ok;
}
