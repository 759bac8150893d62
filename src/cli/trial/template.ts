// A new lab: small, whole and right, for its author to change piece by piece.

export function labTemplate(id: string, title: string): string {
  return `---
id: ${id}
titulo: ${JSON.stringify(title)}
minutos: 20
clusters: [embebido, kind, kubeadm]
requiere: [bookinfo]
objetivos:
  - Lo que sabrá hacer quien lo termine
---

La teoría, en una página: qué es, para qué sirve y qué se va a ver. Los dibujos van en \`media/labs/${id}/\`.

::: entonces
Qué era distinto en versiones anteriores de Istio.
:::

::: clusters
Qué cambia en el clúster embebido, en kind y en kubeadm.
:::

## El primer paso {#primero}

Qué hay que hacer y por qué. Crea el fichero, complétalo y aplícalo:

\`\`\`yaml fichero=reviews.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
    - reviews
  http:
    - fault:
        abort:
          httpStatus: # completa
          percentage:
            value: 100
      route:
        - destination:
            host: reviews
\`\`\`

\`\`\`bash ejecutar
kubectl apply -f reviews.yaml
\`\`\`

::: pista
Una ayuda que no es la solución.
:::

::: pregunta ¿Quién devuelve el error?
- [ ] El pod de reviews
- [x] El proxy de quien llama

El fallo se inyecta antes de que la petición salga.
:::

::: error causa=MALLA-OBJ-02 comprobacion=regla Otro código
\`\`\`yaml fichero=reviews.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
    - reviews
  http:
    - fault:
        abort:
          httpStatus: 404
          percentage:
            value: 100
      route:
        - destination:
            host: reviews
\`\`\`

\`\`\`bash ejecutar
kubectl apply -f reviews.yaml
\`\`\`
:::

::: solucion
\`\`\`yaml fichero=reviews.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
    - reviews
  http:
    - fault:
        abort:
          httpStatus: 500
          percentage:
            value: 100
      route:
        - destination:
            host: reviews
\`\`\`

\`\`\`bash ejecutar
kubectl apply -f reviews.yaml
\`\`\`
:::

\`\`\`yaml comprobaciones
- id: regla
  tipo: objeto
  titulo: El VirtualService reviews responde 500
  recurso: {apiVersion: networking.istio.io/v1, kind: VirtualService, espacio: default, nombre: reviews}
  coincide:
    spec:
      http:
        - fault: {abort: {httpStatus: 500}}
\`\`\`

## Limpieza {#limpieza}

\`\`\`bash ejecutar
kubectl delete virtualservice reviews
\`\`\`
`;
}
