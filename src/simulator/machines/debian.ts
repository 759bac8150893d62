// A Debian 12 that was installed a moment ago, with the package repositories that the course uses already written.
import { MACHINES } from '../nodes/bootstrap-nodes.ts';

export const KERNEL = '6.1.0-41-amd64';

export const debianRelease = [
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
  'NAME="Debian GNU/Linux"',
  'VERSION_ID="12"',
  'VERSION="12 (bookworm)"',
  'VERSION_CODENAME=bookworm',
  'ID=debian',
  'HOME_URL="https://www.debian.org/"',
  '',
].join('\n');

const repositories = {
  'debian.sources':
    'Types: deb\nURIs: http://deb.debian.org/debian\nSuites: bookworm bookworm-updates\nComponents: main\n',
  'docker.list':
    'deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian bookworm stable\n',
  'kubernetes.list':
    'deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.gpg] https://pkgs.k8s.io/core:/stable:/v1.34/deb/ /\n',
};

export function debianFiles(hostname: string): [string, string][] {
  const hosts = MACHINES.map(({ name, address }) => `${address}\t${name}`);
  return [
    ['/etc/hostname', `${hostname}\n`],
    ['/etc/hosts', `127.0.0.1\tlocalhost\n${hosts.join('\n')}\n`],
    ['/etc/os-release', debianRelease],
    ['/etc/debian_version', '12.12\n'],
    ['/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n'],
    ['/etc/resolv.conf', 'nameserver 10.0.2.3\n'],
    [
      '/etc/fstab',
      '# <file system> <mount point>   <type>  <options>       <dump>  <pass>\n' +
        '/dev/sda1       /               ext4    errors=remount-ro 0       1\n' +
        '/dev/sda5       none            swap    sw              0       0\n',
    ],
    ['/etc/modules', '# Modules to load at boot time, one a line.\n'],
    ['/etc/sysctl.conf', '# Kernel settings; more of them in /etc/sysctl.d/*.conf\n#net.ipv4.ip_forward=1\n'],
    ...Object.entries(repositories).map(([name, text]): [string, string] => [`/etc/apt/sources.list.d/${name}`, text]),
  ];
}

export const debianFolders = [
  ...['/tmp', '/dev', '/proc', '/sys', '/usr/bin', '/bin', '/var/lib', '/var/log', '/run', '/root', '/home', '/opt'],
  ...['/etc/modules-load.d', '/etc/sysctl.d', '/etc/apt/keyrings', '/etc/cni', '/mnt'],
];

/** Programs of the installer's choice; those of packages are in programs/packages.ts. */
export const debianPrograms = (
  '[ awk base64 basename bash cat cp curl cut date dirname echo env expr false grep head hostname id ls mkdir mv ' +
  'nproc printenv printf ps pwd rm sed seq sh sleep sort tail tee test touch tr true uname uniq wc which whoami xargs ' +
  'apt apt-get apt-mark chmod chown dpkg free hostnamectl ip journalctl lsmod modprobe nano ping reboot sudo swapoff ' +
  'swapon sysctl systemctl uptime vi vim'
).split(' ');
