import type { CatalogueEntry } from './entry.ts';

/** What the editor says of Istio's YAML while it is written. */
export const istioYamlCodes = {
  'MALLA-YML-01': {
    title: 'El YAML no se puede leer',
    why: 'Mientras el documento tenga un error de sintaxis, kubectl no lo acepta y no se puede revisar lo demás.',
    cure: 'Mira la línea que se señala: sangrado con espacios, dos puntos y espacio tras la clave, comillas cerradas.',
  },
  'MALLA-YML-02': {
    title: 'Ese campo no existe',
    why: 'El API rechaza, o tira sin decir nada, los campos que su esquema no conoce: lo que querías no se cumple.',
    cure: 'Corrige el nombre; con Ctrl+Espacio ves los campos que caben ahí.',
  },
  'MALLA-YML-03': {
    title: 'Ese campo es de otro tipo',
    why: 'Un número entre comillas es un texto, y un yes sin ellas es true: el API los distingue.',
    cure: 'Pon o quita las comillas, o escribe un valor del tipo que se pide.',
  },
  'MALLA-YML-04': {
    title: 'Ese campo no admite ese valor',
    why: 'El esquema dice qué valores caben y el API rechaza los demás.',
    cure: 'Elige uno de los que se dicen.',
  },
  'MALLA-YML-05': {
    title: 'Falta un campo obligatorio',
    why: 'Sin él el API no acepta el objeto.',
    cure: 'Añádelo.',
  },
  'MALLA-YML-06': {
    title: 'Istio no aceptará el objeto',
    why: 'Antes de guardarlo, istiod lo revisa (un webhook de validación) y rechaza lo que no tiene sentido. El texto entre comillas es el que escribirá kubectl.',
    cure: 'Corrige lo que dice el mensaje.',
  },
  'MALLA-YML-07': {
    title: 'Istio avisará al aplicar el objeto',
    why: 'Lo acepta, pero hay en él algo anticuado o que seguramente no hace lo que quieres.',
    cure: 'Lee el aviso y decide.',
  },
  'MALLA-YML-08': {
    title: 'No hay ningún servicio con ese nombre',
    why: 'Istio acepta el objeto, y las peticiones que vayan ahí reciben 503. Un nombre sin puntos es un Service del mismo espacio de nombres.',
    cure: 'Corrige el nombre; si el servicio está en otro espacio de nombres, escríbelo entero: nombre.espacio.svc.cluster.local.',
  },
  'MALLA-YML-09': {
    title: 'El puerto del destino no está claro o no existe',
    why: 'Con un solo puerto Istio sabe a cuál ir; con varios hay que decirlo, y ha de ser uno del Service.',
    cure: 'Pon en destination.port.number uno de los puertos del Service.',
  },
  'MALLA-YML-10': {
    title: 'Ningún DestinationRule define ese subset',
    why: 'El nombre de un subset no dice nada por sí solo: un DestinationRule del mismo host dice qué pods son. Sin él, 503.',
    cure: 'Añade el subset al DestinationRule del servicio, o corrige el nombre.',
  },
  'MALLA-YML-11': {
    title: 'No hay ningún Gateway con ese nombre',
    why: 'Istio acepta la referencia aunque no exista, y las reglas no se aplican en ninguna pasarela.',
    cure: 'Corrige el nombre; si está en otro espacio de nombres, escribe espacio/nombre.',
  },
  'MALLA-YML-12': {
    title: 'El Gateway no admite esos hosts',
    why: 'Por una pasarela solo llegan las peticiones a los nombres que admiten los dos: el Gateway y el VirtualService.',
    cure: 'Haz que coincidan, o pon "*" en el Gateway.',
  },
  'MALLA-YML-13': {
    title: 'Los pesos no suman 100',
    why: 'Istio divide cada peso entre la suma, así que el reparto no es el que se lee. Las versiones anteriores a la 1.15 lo rechazan.',
    cure: 'Cambia los pesos para que sumen 100.',
  },
  'MALLA-YML-14': {
    title: 'Hay una regla a la que no llega ninguna petición',
    why: 'Las reglas se prueban en orden y gana la primera que encaja: lo que va detrás de una sin condiciones no se usa.',
    cure: 'Pon la regla más concreta antes, y la que lo recoge todo al final.',
  },
  'MALLA-YML-15': {
    title: 'El subset no tiene ningún pod',
    why: 'Las etiquetas del subset se suman a las del Service; si ningún pod tiene todas, las peticiones reciben 503.',
    cure: 'Compara las etiquetas con kubectl get pods --show-labels.',
  },
  'MALLA-YML-16': {
    title: 'Dos objetos hablan de lo mismo',
    why: 'Cuando dos objetos se pisan, Istio se queda con uno, casi siempre el más antiguo, sin decir nada.',
    cure: 'Únelos en uno, o haz que cada uno hable de cosas distintas.',
  },
  'MALLA-YML-17': {
    title: 'El puerto no está abierto en la pasarela',
    why: 'A una pasarela solo se llega por los puertos que abre su Gateway y que publica su Service.',
    cure: 'Usa uno de los puertos que se dicen.',
  },
  'MALLA-YML-18': {
    title: 'La selección no elige a nadie',
    why: 'Un selector compara etiquetas de pods; si ninguno las tiene todas, el objeto no hace nada.',
    cure: 'Compara las etiquetas con kubectl get pods --show-labels.',
  },
  'MALLA-YML-19': {
    title: 'El análisis de Istio avisa de algo',
    why: 'Es lo mismo que diría istioctl analyze: la página del código de Istio que acompaña al aviso lo explica.',
    cure: 'Lee el aviso y corrige el campo que se señala.',
  },
  'MALLA-YML-20': {
    title: 'El documento es demasiado grande para revisarlo',
    why: 'Revisar mientras se escribe ha de ser inmediato; un objeto de Istio ocupa mil veces menos.',
    cure: 'Reparte el fichero en varios documentos, separados por ---.',
  },
  'MALLA-YML-21': {
    title: 'Esa clase de objeto no existe en ese grupo',
    why: 'apiVersion y kind van juntos: cada clase vive en un grupo del API.',
    cure: 'Corrige el nombre de la clase o su apiVersion.',
  },
  'MALLA-YML-22': {
    title: 'El VirtualService que se mide no está aplicado',
    why: 'Se mide lo que hace el clúster, no lo que dice el fichero.',
    cure: 'Aplícalo y vuelve a medir.',
  },
  'MALLA-YML-23': {
    title: 'Ninguna petición ha pasado por las reglas que se miden',
    why: 'El reparto se cuenta en los proxies; sin peticiones no hay nada que contar.',
    cure: 'Comprueba que desde la entrada se llega a esas reglas, o envía tráfico desde un pod mientras mides.',
  },
} satisfies Record<string, CatalogueEntry>;
