import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { SandboxSession } from '../../../../src/adapters/process/sandbox';
import { sandboxWorld, secret, type SandboxWorld } from '../../../support/sandboxWorld';

type Attack = (world: SandboxWorld) => string;

const node = (script: string) => `node -e '${script}'`;

/** What an obedient agent might be talked into. None of it may change or show anything outside its worktree. */
const attacks: Readonly<Record<string, Attack>> = {
  'writes into the checkout': ({ checkout }) => `echo x > ${checkout}/hacked; echo x > ${checkout}/notes.txt`,
  'writes into the home': ({ home }) => `echo x > ${home}/.bashrc; echo x > ${home}/.ssh/authorized_keys`,
  'writes beside its worktree': () => 'echo x > ../hacked; mkdir -p ../../run2; echo x > ../other/code.js',
  'writes into the system': () => 'echo x > /usr/hacked; echo x > /etc/hacked; echo x > /hacked',
  'reads keys of the home': ({ home }) => `cat ${home}/.ssh/id_ed25519 ${home}/.npmrc`,
  'reads the state folder': ({ folder }) => `cat ${folder}/state/journal.db; ls ${folder}/state`,
  'reads another worktree': () => 'cat ../other/code.js',
  'reads what is not committed in the checkout': ({ checkout }) => `cat ${checkout}/notes.txt`,
  'reads accounts': () => 'cat /etc/shadow /etc/sudoers && echo SESAME-7781',
  'follows a link out': ({ home }) =>
    `ln -s ${home}/.ssh way && cat way/id_ed25519; echo x > way/authorized_keys`,
  'makes a hard link out': ({ home }) => `ln ${home}/.ssh/id_ed25519 key && cat key`,
  'lays links where the next command looks for dependencies': ({ home }) =>
    `ln -s ${home}/.ssh node_modules/ssh; cat node_modules/ssh/id_ed25519`,
  'writes through a link of node_modules': () =>
    'echo hacked > node_modules/lib/index.js; rm -rf node_modules/lib/*',
  'connects to a server of the machine': ({ port }) =>
    node(`require("net").connect(${port}, "127.0.0.1").on("error", (e) => console.log(e.code))`),
  'connects to a Unix socket': ({ socket }) =>
    node(`require("net").connect("${socket}").on("error", (e) => console.log(e.code))`),
  'asks for a name': () => node('require("dns").lookup("example.com", (e) => console.log(e && e.code))'),
  'kills a program of the person': ({ bystander }) => `kill -9 ${bystander.pid ?? 0}; kill ${process.pid}`,
  'reads memory and environment of a program': ({ bystander }) =>
    `cat /proc/${bystander.pid ?? 0}/environ /proc/${process.pid}/environ; cat /proc/*/environ | tr "\\0" "\\n" | grep SECRET_KEY`,
  'looks through the root of another process': ({ home }) => `cat /proc/1/root${home}/.ssh/id_ed25519`,
  'moves its .git aside': () => 'mv .git git.old; rm -rf .git',
  'configures its .git': () =>
    'echo "[core] fsmonitor=/tmp/x" >> .git/config; mkdir -p .git/hooks; echo x > .git/hooks/post-commit',
  mounts: () => 'mount -t tmpfs none /mnt; umount .git; umount -l /usr; mount -o remount,rw /usr',
  'makes namespaces of its own to mount in': () =>
    'unshare -Urm sh -c "umount .git; mount -o remount,rw /usr; echo x > .git/config"',
  'writes to the kernel': () =>
    'echo hacked > /proc/sys/kernel/hostname; echo 1 > /proc/sysrq-trigger; hostname hacked',
  'makes a device': () => 'mknod disk b 8 0 && cat disk | head -c 10',
  // Root owns them: without devices of the sandbox's own its commands could take them away from everybody.
  'changes permissions of the devices': () =>
    'for name in null zero full random urandom tty; do chmod o-w /dev/$name; touch -d 2000-01-01 /dev/$name; done',
  'uses a descriptor that was left open': () =>
    'for fd in /proc/self/fd/*; do readlink $fd; done | grep -v -e pipe -e null -e /proc; cat <&3; echo x >&3',
  'fills the private folders': () =>
    'for place in /tmp ~ /var/tmp /run /dev/shm; do head -c 200000000 /dev/zero > $place/big; done; head -c 1000 /dev/zero > /big',
};

/** Only where commands have something in common: what one leaves there must not lead the next one out. */
const sessionAttacks: Readonly<Record<string, Attack>> = {
  'lays links into the common folder': ({ home, checkout }) =>
    `ln -sf ${home}/.ssh /tmp/way; cat /tmp/way/id_ed25519; echo x > /tmp/way/authorized_keys; ln -sfn ${checkout} /tmp/c; echo x > /tmp/c/hacked`,
  // The worktree, the home and the checkout of this world lie in the machine's /tmp, so mounts lead through the common one.
  'moves aside what leads to its worktree': ({ folder, home }) =>
    `mv ${folder} /tmp/moved; ln -sfn /oldroot${home} ${folder}; ls -ld ${folder}`,
  'enters the namespaces it came from': () =>
    'for pid in /proc/[0-9]*; do nsenter --target ${pid#/proc/} --user --preserve-credentials --net ip addr; nsenter --net=$pid/ns/net true; done; ip link set lo down; ip link add dummy0 type dummy',
};

for (const { where, more } of [
  { where: 'in the sandbox', more: {} },
  { where: 'of a session in the sandbox', more: sessionAttacks },
])
  describe(`A command ${where} has no effect outside its worktree (needs bubblewrap) when it`, () => {
    let world: SandboxWorld;
    let session: SandboxSession | undefined;
    before(async function () {
      world = await sandboxWorld();
      if ((await world.sandbox.state()).kind !== 'ready') this.skip();
      if (more === sessionAttacks) session = world.sandbox.session();
    });
    after(async () => {
      await session?.close();
      world.close();
    });

    for (const [what, attack] of Object.entries({ ...attacks, ...more })) {
      it(what, async () => {
        const before = world.outside();
        const devices = devicePermissions();
        const first = await world.run(attack(world), { session });
        // What it left in its worktree must not help the next one.
        const second = await world.run(attack(world), { session });
        assert.equal(first.startError ?? second.startError, undefined);
        assert.equal(world.outside(), before);
        assert.equal(world.visits(), 0);
        assert.equal(devicePermissions(), devices);
        assert.equal(world.bystander.exitCode ?? world.bystander.signalCode, null);
        const said = first.stdout + first.stderr + second.stdout + second.stderr;
        assert.ok(!said.includes(secret), said);
        assert.equal(readFileSync(join(world.worktree, '.git/config'), 'utf8'), '[core]\n');
        assert.ok(!existsSync(join(world.worktree, '.git/hooks')));
        assert.notEqual(hostname(), 'hacked');
      });
    }

    it('leaves a daemon behind', async () => {
      const mark = `sandbox-daemon-${process.pid}`;
      const daemon = `sh -c "sleep 77; echo ${mark} > here"`;
      const result = await world.run(
        `(setsid env -i ${daemon} >/dev/null 2>&1 &) ; (setsid setsid ${daemon} &) ; echo gone`,
        { session },
      );
      assert.equal(result.stdout, 'gone\n');
      assert.deepEqual(commandLinesWith(mark), []);
    });

    it('leaves a daemon behind and is ended at its time limit', async () => {
      const mark = `sandbox-late-${process.pid}`;
      const command = `(setsid env -i sh -c "trap '' TERM; sleep 77; echo ${mark}" >/dev/null 2>&1 &) ; sleep 60`;
      const result = await world.run(command, { timeoutMs: 300, session });
      assert.equal(result.timedOut, true);
      assert.deepEqual(commandLinesWith(mark), []);
    });

    it('changes files that steer agents, where these are guarded', async () => {
      const before = readFileSync(join(world.worktree, '.vscode/settings.json'), 'utf8');
      await world.run('echo x > .vscode/settings.json; mv .vscode v; echo x > .vscode/tasks.json', {
        guarded: true,
        session,
      });
      assert.equal(readFileSync(join(world.worktree, '.vscode/settings.json'), 'utf8'), before);
      assert.deepEqual(readdirSync(join(world.worktree, '.vscode')), ['settings.json']);
    });
  });

function devicePermissions(): string {
  const names = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
  return names.map((name) => `${name} ${statSync(`/dev/${name}`).mode.toString(8)}`).join('\n');
}

function commandLinesWith(mark: string): string[] {
  return readdirSync('/proc')
    .filter((id) => /^\d+$/.test(id) && Number(id) !== process.pid)
    .map((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'latin1');
      } catch {
        return ''; // It ended meanwhile.
      }
    })
    .filter((line) => line.includes(mark));
}
