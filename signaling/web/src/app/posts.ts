// Posts as the HTTP interface knows them.
export interface Post {
  id: number;
  title: string;
  content: string;
  createdAt: string;
  author: { id: number; name: string };
}
