/**
 * Estimates, before anything runs, of how many values an answer can be made of: one for each field, times the sizes of the lists
 * around it. A page counts with the size asked for (a variable with that of the largest page there is: validation
 * knows no values, and a variable must not be a way around the limit), any other list with `ASSUMED_LIST_SIZE`. Introspection is
 * free here; graphql-js bounds it by itself.
 */
import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValueNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../platform/graphql/page-args.js';

const ASSUMED_LIST_SIZE = 5; // of lists that have no pages because they stay short

/** Calls `reject` with the estimate when an operation's is above `max`. */
export function costRule(max: number, reject: (context: ValidationContext, cost: number) => void) {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(operation) {
      const cost = new CostEstimate(context, operation).total();
      if (cost > max) reject(context, cost);
    },
  });
}

class CostEstimate {
  readonly #context: ValidationContext;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments = new Map<string, number>();

  constructor(context: ValidationContext, operation: OperationDefinitionNode) {
    this.#context = context;
    this.#operation = operation;
  }

  total(): number {
    const root = this.#context.getSchema().getRootType(this.#operation.operation);
    return root ? this.#ofSelections(this.#operation.selectionSet, root) : 0;
  }

  #ofSelections(set: SelectionSetNode, parent: GraphQLNamedType): number {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) cost += this.#ofField(selection, parent);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition && this.#context.getSchema().getType(selection.typeCondition.name.value);
        cost += this.#ofSelections(selection.selectionSet, type ?? parent);
      } else cost += this.#ofFragment(this.#context.getFragment(selection.name.value));
    }
    return cost;
  }

  /** Once for each fragment: two spreads cost twice the number, not twice the work. A circle counts nothing; another rule refuses it. */
  #ofFragment(fragment: FragmentDefinitionNode | null | undefined): number {
    if (!fragment) return 0;
    const known = this.#fragments.get(fragment.name.value);
    if (known !== undefined) return known;
    this.#fragments.set(fragment.name.value, 0);
    const type = this.#context.getSchema().getType(fragment.typeCondition.name.value);
    const cost = type ? this.#ofSelections(fragment.selectionSet, type) : 0;
    this.#fragments.set(fragment.name.value, cost);
    return cost;
  }

  #ofField(node: FieldNode, parent: GraphQLNamedType): number {
    if (node.name.value.startsWith('__')) return 1;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    if (!type || !node.selectionSet || !isCompositeType(type)) return 1;
    return 1 + this.#sizeOf(node, field, parent) * this.#ofSelections(node.selectionSet, type);
  }

  #sizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>, parent: GraphQLNamedType): number {
    const pageArgument = field.args.find((arg) => arg.name === 'first');
    if (pageArgument) {
      const given = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last');
      const standard = typeof pageArgument.defaultValue === 'number' ? pageArgument.defaultValue : DEFAULT_PAGE_SIZE;
      return given ? this.#pageSize(given.value, standard) : standard;
    }
    // the lists of a connection are as long as its page, which is counted already
    return isListType(getNullableType(field.type)) && !parent.name.endsWith('Connection') ? ASSUMED_LIST_SIZE : 1;
  }

  /** `first: 10` is 10; a variable's value is not known yet. */
  #pageSize(value: ValueNode, standard: number): number {
    if (value.kind === Kind.INT) return Math.max(1, Number(value.value));
    if (value.kind === Kind.NULL) return standard;
    return MAX_PAGE_SIZE;
  }
}
