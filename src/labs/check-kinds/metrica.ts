import * as z from 'zod';
import { name, text } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';

const promql = z.string().min(1).max(2_000);

export const metrica = defineForm({
  type: 'metrica',
  summary: 'Pregunta en PromQL al Prometheus del clúster y compara la respuesta.',
  fields: {
    consulta: z
      .union([promql, z.strictObject({ espacio: name, configMap: name, clave: text })])
      .describe('La consulta, o dónde la ha escrito el alumno: un ConfigMap y su clave.'),
    es: z
      .enum(['mayor', 'menor', 'igual', 'existe', 'como'])
      .describe(
        'mayor, menor o igual que «valor»; existe: da algún valor; como: da lo mismo que «referencia». Con varias series, todas deben cumplirlo.',
      ),
    valor: z.number().optional().describe('Con qué se compara, en mayor, menor e igual.'),
    referencia: promql.optional().describe('Consulta que da el valor bueno, en «como»: un solo número.'),
  },
  problem: ({ es, valor, referencia }) => {
    if ((es === 'mayor' || es === 'menor' || es === 'igual') && valor === undefined)
      return `«es: ${es}» necesita «valor»`;
    return es === 'como' && referencia === undefined ? '«es: como» necesita «referencia»' : undefined;
  },
  toPattern: ({ consulta, es, valor, referencia }) => ({
    /** PromQL, or the ConfigMap where the student has written it. */
    query:
      typeof consulta === 'string'
        ? consulta
        : { namespace: consulta.espacio, configMap: consulta.configMap, key: consulta.clave },
    is: es,
    ...given({ value: valor, reference: referencia }),
  }),
  example: `
id: trafico
tipo: metrica
titulo: productpage recibe peticiones
consulta: sum(rate(istio_requests_total{reporter="destination", destination_service_name="productpage"}[1m]))
es: mayor
valor: 0
`,
});

export type MetricPattern = PatternOf<typeof metrica>;
