import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { Paper } from './paper.entity.js';

@ObjectType('PaperPage')
export class PaperPageType {
  paper!: Paper;

  @Field(() => Int, { description: 'Counted from 1, by its position in the file.' })
  number!: number;

  @Field(() => Float, { description: 'In points.' })
  width!: number;

  @Field(() => Float, { description: 'In points.' })
  height!: number;
}
