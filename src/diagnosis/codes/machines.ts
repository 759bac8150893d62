import type { CatalogueEntry } from './entry.ts';

export const machinesCodes = {
  'MALLA-NOD-01': {
    title: 'Todavía no hay plano de control',
    why: 'Sin él no hay API ni nodos: las máquinas son solo máquinas.',
    cure: 'Crea el plano de control con kubeadm init en la máquina que va a llevarlo.',
  },
  'MALLA-NOD-02': {
    title: 'Una máquina no se ha unido al clúster',
    why: 'Un nodo existe cuando su kubelet se registra, y eso lo hace kubeadm join.',
    cure: 'Ejecuta en ella la orden kubeadm join que dio init; si la perdiste, kubeadm token create --print-join-command la vuelve a dar.',
  },
  'MALLA-NOD-03': {
    title: 'El clúster no tiene red de pods',
    why: 'Un nodo no está listo hasta que un plugin CNI sabe dar dirección a los pods; kubeadm no instala ninguno.',
    cure: 'Aplica el manifiesto de una red de pods, como Flannel, y espera a que sus pods arranquen en cada nodo.',
  },
  'MALLA-NOD-04': {
    title: 'La memoria de intercambio (swap) está encendida',
    why: 'Con su configuración de fábrica, el kubelet se niega a arrancar con swap; kubeadm solo avisa.',
    cure: 'Apágala ahora con swapoff -a, y quita su línea de /etc/fstab para que no vuelva al reiniciar.',
  },
  'MALLA-NOD-05': {
    title: 'El runtime de contenedores no responde',
    why: 'El kubelet no arranca contenedores él mismo: se lo pide al runtime por CRI.',
    cure: 'Mira systemctl status containerd y la línea disabled_plugins de /etc/containerd/config.toml; después, reinícialo.',
  },
  'MALLA-NOD-06': {
    title: 'containerd y el kubelet no usan el mismo gestor de cgroups',
    why: 'kubeadm configura el kubelet con systemd; si containerd usa cgroupfs, dos gestores reparten los mismos recursos y los contenedores caen.',
    cure: 'Pon SystemdCgroup = true en /etc/containerd/config.toml y reinicia containerd.',
  },
  'MALLA-NOD-07': {
    title: 'El rango de direcciones de los pods no es el de Flannel',
    why: 'Flannel solo reparte direcciones de su red, 10.244.0.0/16 en su manifiesto; con otro rango, su pod termina con error.',
    cure: 'Vuelve a empezar con kubeadm reset y da a init el rango de Flannel, o cambia net-conf.json para que diga el tuyo.',
  },
  'MALLA-NOD-08': {
    title: 'Solo está el plano de control, y su taint no deja pods',
    why: 'El taint node-role.kubernetes.io/control-plane reserva ese nodo para los programas del clúster.',
    cure: 'Une las otras máquinas con kubeadm join; sus nodos no llevan ese taint.',
  },
  'MALLA-NOD-09': {
    title: 'El kubelet de un nodo no da señales',
    why: 'Nadie sabe qué pasa en esa máquina: sus pods dejan de contar como listos.',
    cure: 'Entra en ella y mira systemctl status kubelet y journalctl -u kubelet.',
  },
  'MALLA-NOD-10': {
    title: 'La máquina no reenvía paquetes',
    why: 'Los paquetes de los pods pasan de una interfaz a otra: sin net.ipv4.ip_forward el núcleo los tira, y kubeadm no sigue.',
    cure: 'Ponlo a 1 en un fichero de /etc/sysctl.d y aplícalo con sysctl --system.',
  },
  'MALLA-NOD-11': {
    title: 'Faltan los programas de Kubernetes',
    why: 'kubeadm prepara el nodo y el kubelet lo mantiene: hacen falta los dos en todas las máquinas.',
    cure: 'Instálalos con apt-get install, después de apt-get update.',
  },
  'MALLA-NOD-12': {
    title: 'Un nodo no está listo',
    why: 'El planificador no le da pods nuevos.',
    cure: 'kubectl describe node dice por qué, en Conditions.',
  },
  'MALLA-NOD-13': {
    title: 'Un nodo tiene otra versión',
    why: 'El kubelet puede ir por detrás del API, pero nunca por delante, y el laboratorio cuenta con una versión.',
    cure: 'Instala en esa máquina la versión que se pide.',
  },
  'MALLA-NOD-14': {
    title: 'Faltan nodos con un papel',
    why: 'El papel es la etiqueta node-role.kubernetes.io/… del nodo; kubeadm se la pone al plano de control.',
    cure: 'Mira la columna ROLES de kubectl get nodes.',
  },
  'MALLA-NOD-15': {
    title: 'Un kubeadm init o join se quedó a medias',
    why: 'Los ficheros que dejó impiden repetirlo: kubeadm no escribe encima.',
    cure: 'Deshazlo con kubeadm reset en esa máquina y repite la orden.',
  },
} satisfies Record<string, CatalogueEntry>;
